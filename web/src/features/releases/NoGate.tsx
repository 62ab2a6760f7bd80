// Nothing to see yet, and how to begin.
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import { Secret } from '../../ui/Secret';
import { GateIcon } from '../../ui/settings-icons';
import { EmptyState } from '../../ui/States';
import styles from './NoGate.module.css';

const COMMAND = 'mainstay edge --blue 127.0.0.1:3000 --green 127.0.0.1:3001';

export function NoGate() {
  const { t } = useTranslation();
  return (
    <Card>
      <EmptyState
        icon={<GateIcon />}
        title={t('admin.releases.none.title')}
        action={
          <div className={styles.how}>
            <Secret label={t('admin.releases.none.command')}>{COMMAND}</Secret>
            <CopyButton text={COMMAND} />
            <p>{t('admin.releases.none.hint')}</p>
          </div>
        }
      >
        {t('admin.releases.none.text')}
      </EmptyState>
    </Card>
  );
}

export function NoServices() {
  const { t } = useTranslation();
  return (
    <Card>
      <EmptyState icon={<GateIcon />} title={t('admin.releases.none.noServicesTitle')}>
        {t('admin.releases.none.noServices')}
      </EmptyState>
    </Card>
  );
}
