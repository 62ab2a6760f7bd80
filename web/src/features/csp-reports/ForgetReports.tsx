// Begins anew, once the reports are read.
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { useRefreshAdmin } from '../admin/queries';
import { forgetCspReports } from './queries';

export function ForgetReports({ onDone }: { onDone: (said: string) => void }) {
  const { t } = useTranslation();
  const refresh = useRefreshAdmin();
  return (
    <Card title={t('admin.blocked.clear.title')} hint={t('admin.blocked.clear.hint')}>
      <div>
        <ConfirmedButton
          danger
          name={t('admin.blocked.clear.action')}
          title={t('admin.blocked.clear.confirmTitle')}
          pendingText={t('admin.blocked.clear.pending')}
          run={forgetCspReports}
          onDone={() => {
            onDone(t('admin.blocked.clear.done'));
            return refresh();
          }}
        >
          <p>{t('admin.blocked.clear.confirmText')}</p>
        </ConfirmedButton>
      </div>
    </Card>
  );
}
