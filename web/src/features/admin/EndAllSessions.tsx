// Signs out everybody but the administrator who asks.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { Notice } from '../../ui/Notice';
import { endAllSessions, useRefreshAdmin } from './queries';

export function EndAllSessions() {
  const { t } = useTranslation();
  const refresh = useRefreshAdmin();
  const [ended, setEnded] = useState<number>();
  return (
    <Card title={t('admin.endAll.title')} hint={t('admin.endAll.hint')}>
      {ended !== undefined && (
        <Notice kind="good">{t('admin.endAll.done', { count: ended })}</Notice>
      )}
      <div>
        <ConfirmedButton
          danger
          name={t('admin.endAll.action')}
          title={t('admin.endAll.confirmTitle')}
          pendingText={t('admin.endAll.pending')}
          run={endAllSessions}
          onDone={(count) => {
            setEnded(count);
            return refresh();
          }}
        >
          <p>{t('admin.endAll.confirmText')}</p>
        </ConfirmedButton>
      </div>
    </Card>
  );
}
