// Which application, where there are several: each with how it stands.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import type { Service } from './model';
import { isRunning } from './phase';
import styles from './ServiceNav.module.css';

type Props = { services: readonly Service[]; chosen: string };

export function ServiceNav({ services, chosen }: Props) {
  const { t } = useTranslation();
  return (
    <nav className={styles.nav} aria-label={t('admin.releases.choose')}>
      {services.map((service) => (
        <Link
          key={service.name}
          to="/admin/releases"
          search={{ service: service.name }}
          resetScroll={false}
          className={styles.service}
          aria-current={service.name === chosen ? 'page' : undefined}
        >
          {service.name}
          <State service={service} />
        </Link>
      ))}
    </nav>
  );
}

function State({ service: { gate, rollout } }: { service: Service }) {
  const { t } = useTranslation();
  if (gate !== 'open') return <Badge tone="accent">{t(`admin.releases.state.${gate}`)}</Badge>;
  if (isRunning(rollout)) return <Badge tone="accent">{t('admin.releases.state.running')}</Badge>;
  return null;
}
