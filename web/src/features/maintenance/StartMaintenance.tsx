// Lets changes wait, for everybody and from now on. Asks before.
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { useQuestion } from '../../ui/useQuestion';
import { MaintenanceForm } from './MaintenanceForm';

export function StartMaintenance({ onDone }: { onDone: (said: string) => void }) {
  const { t } = useTranslation();
  const { ask, answer, handOn, isAsking, isOpen } = useQuestion();
  return (
    <Card title={t('admin.maintenance.start.title')} hint={t('admin.maintenance.start.hint')}>
      <MaintenanceForm
        submit={t('admin.maintenance.start.submit')}
        // Nothing is under way while the question is open.
        pendingText={
          isAsking ? t('admin.maintenance.start.submit') : t('admin.maintenance.start.pending')
        }
        confirm={ask}
        onDone={() => {
          onDone(t('admin.maintenance.start.done'));
        }}
      />
      <ConfirmDialog
        open={isOpen}
        title={t('admin.maintenance.start.confirmTitle')}
        confirm={t('admin.maintenance.start.confirm')}
        onClose={() => {
          answer('no');
        }}
        onConfirm={() => {
          answer('yes');
        }}
        onClosed={handOn}
      >
        <p>{t('admin.maintenance.start.confirmText')}</p>
      </ConfirmDialog>
    </Card>
  );
}
