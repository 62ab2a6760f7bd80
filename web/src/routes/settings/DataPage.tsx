// /account/data: everything to take along, or nothing to leave behind.
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { exportData } from '../../features/security/changes';
import { DeleteAccount } from '../../features/security/DeleteAccount';
import { datedName, download } from '../../features/security/download';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Notice } from '../../ui/Notice';
import { Page } from '../../ui/Page';
import { ProblemNotice } from '../../ui/ProblemNotice';
import { DownloadIcon } from '../../ui/settings-icons';
import { Stack } from '../../ui/Stack';

export function DataPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('settings.data.title')} lead={t('settings.data.lead')}>
      <Stack>
        <Card title={t('settings.data.exportTitle')} hint={t('settings.data.exportHint')}>
          <Export />
        </Card>
        <Card title={t('settings.data.deleteTitle')} hint={t('settings.data.deleteHint')}>
          <DeleteAccount />
        </Card>
      </Stack>
    </Page>
  );
}

function Export() {
  const { t } = useTranslation();
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: exportData,
    onSuccess: (content) => {
      download(content, datedName('mainstay-data', 'json'));
    },
  });
  return (
    <>
      {isSuccess && <Notice kind="good">{t('settings.data.exported')}</Notice>}
      {error && <ProblemNotice problem={Problem.from(error)} />}
      <div>
        <Button
          pending={isPending}
          pendingText={t('settings.data.exporting')}
          onClick={() => {
            mutate();
          }}
        >
          <DownloadIcon />
          {t('settings.data.export')}
        </Button>
      </div>
    </>
  );
}
