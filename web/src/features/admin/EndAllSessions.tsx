// Signs out everybody but the administrator who asks.
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { News, useNews } from '../../ui/News';
import { endAllSessions, useRefreshAdmin } from './queries';

export function EndAllSessions() {
  const { t } = useTranslation();
  const refresh = useRefreshAdmin();
  const { told, tell } = useNews();
  return (
    <Card title={t('admin.endAll.title')} hint={t('admin.endAll.hint')}>
      <News told={told} />
      <div>
        <ConfirmedButton
          danger
          name={t('admin.endAll.action')}
          title={t('admin.endAll.confirmTitle')}
          pendingText={t('admin.endAll.pending')}
          run={endAllSessions}
          onDone={(count) => {
            tell(t('admin.endAll.done', { count }));
            return refresh();
          }}
        >
          <p>{t('admin.endAll.confirmText')}</p>
        </ConfirmedButton>
      </div>
    </Card>
  );
}
