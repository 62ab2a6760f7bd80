// How many backup codes are left, and new ones.
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { renewBackupCodes } from './changes';
import styles from './Factors.module.css';

type Props = { left: number; hasFactor: boolean; onRenewed: (codes: string[]) => Promise<void> };

export function BackupCodesCard({ left, hasFactor, onRenewed }: Props) {
  const { t } = useTranslation();
  return (
    <Card title={t('settings.backup.title')} hint={t('settings.backup.hint')}>
      <div className={styles.state}>
        <p>{hasFactor ? t('settings.backup.left', { count: left }) : t('settings.backup.none')}</p>
        {hasFactor && (
          <ConfirmedButton
            name={t('settings.backup.renew')}
            title={t('settings.backup.renewTitle')}
            pendingText={t('settings.backup.renewing')}
            run={renewBackupCodes}
            onDone={onRenewed}
          >
            <p>{t('settings.backup.renewText')}</p>
          </ConfirmedButton>
        )}
      </div>
    </Card>
  );
}
