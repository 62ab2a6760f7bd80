// /admin/releases: how releases get their visitors, and what one can do about it.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Traffic } from '../../features/releases/chart/Traffic';
import { Entrance } from '../../features/releases/Entrance';
import { History } from '../../features/releases/History';
import type { GateStatus, Service } from '../../features/releases/model';
import { NoGate, NoServices } from '../../features/releases/NoGate';
import { isRunning, signature } from '../../features/releases/phase';
import { gateQuery } from '../../features/releases/queries';
import { RolloutCard } from '../../features/releases/RolloutCard';
import { ServiceNav } from '../../features/releases/ServiceNav';
import { SlotCards } from '../../features/releases/SlotCards';
import { StartRollout } from '../../features/releases/StartRollout';
import { Loaded } from '../../ui/Loaded';
import { News, useNews } from '../../ui/News';
import { Page } from '../../ui/Page';
import styles from './ReleasesPage.module.css';

const route = getRouteApi('/admin/releases');

export function ReleasesPage() {
  const { t } = useTranslation();
  const query = useQuery(gateQuery);
  return (
    <Page title={t('admin.releases.title')} lead={t('admin.releases.lead')}>
      <div className={styles.page}>
        <Loaded query={query}>{(status) => <Gate status={status} />}</Loaded>
      </div>
    </Page>
  );
}

function Gate({ status: { is_open: isOpen, services } }: { status: GateStatus }) {
  const { service: wanted } = route.useSearch();
  const service = services.find(({ name }) => name === wanted) ?? services[0];
  if (!isOpen) return <NoGate />;
  if (!service) return <NoServices />;
  return (
    <>
      {services.length > 1 && <ServiceNav services={services} chosen={service.name} />}
      <OneService key={service.name} service={service} />
    </>
  );
}

function OneService({ service }: { service: Service }) {
  const { told, tell } = useNews();
  const { name, rollout } = service;
  const isMoving = isRunning(rollout);
  return (
    <>
      <News told={told} />
      <SlotCards service={service} />
      {rollout && <RolloutCard service={name} rollout={rollout} onDone={tell} />}
      <Traffic service={name} moving={isMoving} />
      {!isMoving && <StartRollout service={service} onDone={tell} />}
      <Entrance service={service} onDone={tell} />
      <History service={name} signature={signature(service)} />
    </>
  );
}
