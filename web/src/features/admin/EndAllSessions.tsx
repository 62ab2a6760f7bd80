// Signs out everybody but the administrator who asks.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { DangerButton } from '../../ui/DangerButton';
import { Notice } from '../../ui/Notice';
import { endAllSessions, useRefreshAdmin } from './queries';

export function EndAllSessions() {
  const { t } = useTranslation();
  const refresh = useRefreshAdmin();
  const [isAsking, setIsAsking] = useState(false);
  const ending = useMutation({
    mutationFn: endAllSessions,
    onSuccess: async () => {
      setIsAsking(false);
      await refresh();
    },
  });
  return (
    <Card title={t('admin.endAll.title')} hint={t('admin.endAll.hint')}>
      {ending.data !== undefined && (
        <Notice kind="good">{t('admin.endAll.done', { count: ending.data })}</Notice>
      )}
      <div>
        <DangerButton
          onClick={() => {
            ending.reset();
            setIsAsking(true);
          }}
        >
          {t('admin.endAll.action')}
        </DangerButton>
      </div>
      <ConfirmDialog
        open={isAsking}
        danger
        title={t('admin.endAll.confirmTitle')}
        confirm={t('admin.endAll.action')}
        pendingText={t('admin.endAll.pending')}
        pending={ending.isPending}
        error={ending.error}
        onClose={() => {
          setIsAsking(false);
        }}
        onConfirm={() => {
          ending.mutate();
        }}
      >
        <p>{t('admin.endAll.confirmText')}</p>
      </ConfirmDialog>
    </Card>
  );
}
