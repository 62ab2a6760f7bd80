// Shown when a page throws, or when its code cannot be loaded.
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button';
import { AlertIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function CrashPage() {
  const { t } = useTranslation();
  return (
    <Page icon={<AlertIcon />} title={t('crash.title')} lead={t('crash.lead')} width="form">
      <Button
        look="primary"
        onClick={() => {
          location.reload();
        }}
      >
        {t('common.reload')}
      </Button>
    </Page>
  );
}
