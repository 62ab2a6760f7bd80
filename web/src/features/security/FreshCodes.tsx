// Backup codes, the one time they are shown. Leaving without them takes a second word.
import { useRef, useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { regionalFormat } from '../../i18n/i18n';
import { Button } from '../../ui/Button';
import { ButtonRow } from '../../ui/ButtonRow';
import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import { CheckField } from '../../ui/form/CheckField';
import { ShieldIcon } from '../../ui/icons';
import { Page } from '../../ui/Page';
import { DownloadIcon, PrinterIcon } from '../../ui/settings-icons';
import { Stack } from '../../ui/Stack';
import { datedName, download } from './download';
import styles from './FreshCodes.module.css';
import { LeaveGuard } from './LeaveGuard';
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
          <Keeping isKept={isKept} onKeep={setIsKept} onDone={onDone} />
        </Card>
      </Stack>
      <LeaveGuard isKept={isKept} title={t('settings.backup.leaveTitle')}>
        {t('settings.backup.leaveText')}
      </LeaveGuard>
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

type KeepingProps = { isKept: boolean; onKeep: (isKept: boolean) => void; onDone: () => void };

/** Whoever goes on says first that the codes are kept. */
function Keeping({ isKept, onKeep, onDone }: KeepingProps) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [isMissing, setIsMissing] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isKept) onDone();
    else {
      setIsMissing(true);
      form.current?.querySelector('input')?.focus();
    }
  };
  return (
    <form ref={form} className={styles.keeping} onSubmit={submit} noValidate>
      <CheckField
        label={t('settings.backup.kept')}
        error={isMissing && !isKept ? t('settings.backup.keptMissing') : undefined}
        checked={isKept}
        onChange={onKeep}
      />
      <Button type="submit" look="primary">
        {t('settings.backup.done')}
      </Button>
    </form>
  );
}
