// Scan the picture or type the key, then prove with a code that the app knows it.
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Form } from '../../ui/form/Form';
import { useForm } from '../../ui/form/useForm';
import { Secret } from '../../ui/Secret';
import { CodeField } from '../account/CodeField';
import { codeFromApp } from '../account/rules';
import { enableTotp } from './changes';
import styles from './Factors.module.css';
import type { TotpSetup } from './model';

type Props = {
  setup: TotpSetup;
  onEnabled: (codes: string[] | null) => Promise<void>;
  onCancel: () => void;
};

export function TotpEnrolment({ setup, onEnabled, onCancel }: Props) {
  const { t } = useTranslation();
  const form = useForm({
    schema: codeFromApp,
    initial: { code: '' },
    send: async ({ code }) => {
      await onEnabled(await enableTotp(code));
    },
  });
  return (
    <div className={styles.enrolment}>
      <div className={styles.picture}>
        {/* Focus begins here, not at the field that comes last. */}
        <p tabIndex={-1}>{t('settings.totp.scan')}</p>
        <img src={setup.qr_png} alt={t('settings.totp.qr')} className={styles.qr} />
        <a href={setup.uri}>{t('settings.totp.openApp')}</a>
      </div>
      <div className={styles.steps}>
        <p>{t('settings.totp.byHand')}</p>
        <Secret label={t('settings.totp.secret')}>{setup.secret}</Secret>
        <div>
          <CopyButton text={setup.secret.replaceAll(' ', '')}>
            {t('settings.totp.copySecret')}
          </CopyButton>
        </div>
        <Form
          form={form}
          submit={t('settings.totp.enable')}
          pendingText={t('settings.totp.enabling')}
          aside={<Button onClick={onCancel}>{t('settings.common.cancel')}</Button>}
        >
          <CodeField
            {...form.field('code')}
            label={t('settings.totp.code')}
            hint={t('settings.totp.codeHint')}
          />
        </Form>
      </div>
    </div>
  );
}
