// How many backup codes are left, and new ones.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { renewBackupCodes } from './changes';
import styles from './Factors.module.css';

type Props = { left: number; hasFactor: boolean; onRenewed: (codes: string[]) => Promise<void> };

export function BackupCodesCard({ left, hasFactor, onRenewed }: Props) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const renewal = useMutation({ mutationFn: renewBackupCodes, onSuccess: onRenewed });
  return (
    <Card title={t('settings.backup.title')} hint={t('settings.backup.hint')}>
      <div className={styles.state}>
        <p>{hasFactor ? t('settings.backup.left', { count: left }) : t('settings.backup.none')}</p>
        {hasFactor && (
          <Button
            onClick={() => {
              renewal.reset();
              setIsAsking(true);
            }}
          >
            {t('settings.backup.renew')}
          </Button>
        )}
      </div>
      <ConfirmDialog
        open={isAsking}
        title={t('settings.backup.renewTitle')}
        confirm={t('settings.backup.renew')}
        pendingText={t('settings.backup.renewing')}
        pending={renewal.isPending}
        error={renewal.error}
        onClose={() => {
          setIsAsking(false);
        }}
        onConfirm={() => {
          renewal.mutate();
        }}
      >
        <p>{t('settings.backup.renewText')}</p>
      </ConfirmDialog>
    </Card>
  );
}
