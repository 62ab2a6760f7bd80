// Backup codes, the one time they are shown. Leaving without them takes a second word.
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { regionalFormat } from '../../i18n/i18n';
import { Button } from '../../ui/Button';
import { ButtonRow } from '../../ui/ButtonRow';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { CopyButton } from '../../ui/CopyButton';
import { CheckField } from '../../ui/form/CheckField';
import { ShieldIcon } from '../../ui/icons';
import { Page } from '../../ui/Page';
import { DownloadIcon, PrinterIcon } from '../../ui/settings-icons';
import { Stack } from '../../ui/Stack';
import { datedName, download } from './download';
import styles from './FreshCodes.module.css';
import { useUser } from './user';

type Props = { codes: readonly string[]; onDone: () => void };

export function FreshCodes({ codes, onDone }: Props) {
  const { t } = useTranslation();
  const [isKept, setIsKept] = useState(false);
  const sheet = useSheet(codes);
  return (
    <Page
      icon={<ShieldIcon />}
      title={t('settings.backup.freshTitle')}
      lead={t('settings.backup.freshLead')}
    >
      <Stack>
        <Card>
          <div className={styles.sheet}>
            <p className={styles.printed}>{sheet.head}</p>
            <ul className={styles.codes} aria-label={t('settings.backup.listLabel')}>
              {codes.map((code) => (
                <li key={code}>
                  <code>{code}</code>
                </li>
              ))}
            </ul>
            <p className={styles.printed}>{sheet.foot}</p>
          </div>
          <ButtonRow>
            <CopyButton text={codes.join('\n')}>{t('settings.backup.copy')}</CopyButton>
            <Button
              onClick={() => {
                download(new Blob([sheet.text], { type: 'text/plain' }), sheet.name);
              }}
            >
              <DownloadIcon />
              {t('settings.backup.download')}
            </Button>
            <Button
              onClick={() => {
                print();
              }}
            >
              <PrinterIcon />
              {t('settings.backup.print')}
            </Button>
          </ButtonRow>
          <CheckField label={t('settings.backup.kept')} checked={isKept} onChange={setIsKept} />
          <Button look="primary" waiting={!isKept} onClick={onDone}>
            {t('settings.backup.done')}
          </Button>
        </Card>
      </Stack>
      <Keeper isKept={isKept} />
    </Page>
  );
}

/** The codes as a text that still makes sense in a year. */
function useSheet(codes: readonly string[]) {
  const { t, i18n } = useTranslation();
  const { email } = useUser();
  const day = new Intl.DateTimeFormat(regionalFormat(i18n.language), { dateStyle: 'long' }).format(
    new Date(),
  );
  const head = t('settings.backup.fileHead', { email, host: location.host });
  const foot = t('settings.backup.fileFoot', { day });
  const text = [head, '', ...codes, '', foot, ''].join('\n');
  return { head, foot, text, name: datedName('mainstay-backup-codes', 'txt') };
}

function Keeper({ isKept }: { isKept: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: () => !isKept,
    enableBeforeUnload: () => !isKept,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === 'blocked'}
      danger
      title={t('settings.backup.leaveTitle')}
      confirm={t('settings.backup.leave')}
      cancel={t('settings.backup.stay')}
      onClose={() => {
        blocker.reset?.();
      }}
      onConfirm={() => {
        blocker.proceed?.();
      }}
    >
      <p>{t('settings.backup.leaveText')}</p>
    </ConfirmDialog>
  );
}
