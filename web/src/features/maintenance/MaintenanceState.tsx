// How things stand: whether changes wait, since when, until when, and what people are told.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Maintenance, Until } from '../../api/maintenance';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { ButtonRow } from '../../ui/ButtonRow';
import { Card } from '../../ui/Card';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { Fact, Facts } from '../../ui/Facts';
import { Moment, useNow } from '../../ui/Time';
import { Unfolding } from '../../ui/Unfolding';
import { useMaintenanceChanges } from './changes';
import { MaintenanceForm } from './MaintenanceForm';
import styles from './MaintenanceState.module.css';
import { SafeMessage } from './SafeMessage';

type Props = { state: Maintenance; onDone: (said: string) => void };

export function MaintenanceState({ state, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <Card title={t('admin.maintenance.now')}>
      {state.active ? (
        <>
          <Closed state={state} />
          <Changes state={state} onDone={onDone} />
        </>
      ) : (
        <p className={styles.open}>
          <Badge tone="good">{t('admin.maintenance.off')}</Badge> {t('admin.maintenance.offText')}
        </p>
      )}
      <p className={styles.record}>
        <Link to="/admin/audit" search={{ action: 'maintenance_start' }}>
          {t('admin.maintenance.record')}
        </Link>
      </p>
    </Card>
  );
}

function Closed({ state: { since, until, message } }: { state: Maintenance }) {
  const { t } = useTranslation();
  return (
    <Facts>
      <Fact name={t('admin.maintenance.state')}>
        <Badge tone="accent">{t('admin.maintenance.on')}</Badge>
      </Fact>
      {since && (
        <Fact name={t('admin.maintenance.since')}>
          <Moment at={since} dated />
        </Fact>
      )}
      <Fact name={t('admin.maintenance.until')}>
        <End until={until} />
      </Fact>
      <Fact name={t('admin.maintenance.message')}>
        {message ? <SafeMessage html={message} /> : t('admin.maintenance.noMessage')}
      </Fact>
    </Facts>
  );
}

function End({ until }: { until: Until }) {
  const { t } = useTranslation();
  const now = useNow();
  if (until == null) return t('admin.maintenance.openEnd');
  return (
    <>
      <Moment at={until} dated />
      {new Date(until) <= now && <Badge tone="bad">{t('admin.maintenance.overdue')}</Badge>}
    </>
  );
}

function Changes({ state, onDone }: Props) {
  const { t } = useTranslation();
  const { endMaintenance } = useMaintenanceChanges();
  const [isOpen, setIsOpen] = useState(false);
  const close = () => {
    setIsOpen(false);
  };
  return (
    <Unfolding
      open={isOpen}
      form={
        <MaintenanceForm
          present={state}
          submit={t('admin.maintenance.change.submit')}
          pendingText={t('admin.maintenance.change.pending')}
          aside={<Button onClick={close}>{t('common.cancel')}</Button>}
          onDone={() => {
            close();
            onDone(t('admin.maintenance.change.done'));
          }}
        />
      }
    >
      <ButtonRow>
        <ConfirmedButton
          button={{ look: 'primary' }}
          name={t('admin.maintenance.end.action')}
          title={t('admin.maintenance.end.confirmTitle')}
          pendingText={t('admin.maintenance.end.pending')}
          run={endMaintenance}
          onDone={() => {
            onDone(t('admin.maintenance.end.done'));
          }}
        >
          <p>{t('admin.maintenance.end.confirmText')}</p>
        </ConfirmedButton>
        <Button
          onClick={() => {
            setIsOpen(true);
          }}
        >
          {t('admin.maintenance.change.open')}
        </Button>
      </ButtonRow>
    </Unfolding>
  );
}
