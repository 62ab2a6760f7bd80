// The second step of signing in: a code from the app, a backup code, or a passkey.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecondStep } from '../../api/client';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Form } from '../../ui/form/Form';
import { TextField } from '../../ui/form/TextField';
import { useForm } from '../../ui/form/useForm';
import { ShieldIcon } from '../../ui/icons';
import { Or } from '../../ui/Or';
import { Page } from '../../ui/Page';
import { CodeField } from './CodeField';
import { PasskeyButton } from './PasskeyButton';
import { codeFromApp, codeFromPaper } from './rules';
import styles from './SecondStepPage.module.css';
import { useSessionStart } from './session-start';
import { passkeysSupported } from './webauthn';

type Method = SecondStep['methods'][number];

type Props = { step: SecondStep; onBack: () => void; onTooLate: () => void };

export function SecondStepPage({ step, onBack, onTooLate }: Props) {
  const { t } = useTranslation();
  const { givePasskey } = useSessionStart();
  const methods = step.methods.filter((method) => method !== 'passkey' || passkeysSupported());
  const [chosen, setChosen] = useState<Method>(methods[0] ?? 'backup_code');
  const card = useRef<HTMLDivElement>(null);

  // Whoever comes from the password has both hands on the keyboard: the code comes next.
  useEffect(() => {
    card.current?.querySelector('input')?.focus();
  }, [chosen]);

  const inTime = async <T,>(attempt: Promise<T>): Promise<T> => {
    try {
      return await attempt;
    } catch (error) {
      if (Problem.from(error).code === 'sign_in_expired') onTooLate();
      throw error;
    }
  };
  const others = methods.filter((method) => method !== chosen && method !== 'passkey');

  return (
    <Page
      icon={<ShieldIcon />}
      title={t('secondStep.title')}
      lead={t('secondStep.lead')}
      width="form"
    >
      <div ref={card}>
        <Card>
          {chosen !== 'passkey' && <CodeForm key={chosen} method={chosen} inTime={inTime} />}
          {chosen !== 'passkey' && methods.includes('passkey') && <Or />}
          {methods.includes('passkey') && (
            <PasskeyButton
              look={chosen === 'passkey' ? 'primary' : 'secondary'}
              run={() => inTime(givePasskey())}
            >
              {t('secondStep.passkey')}
            </PasskeyButton>
          )}
        </Card>
      </div>
      <div className={styles.ways}>
        {others.map((method) => (
          <Button
            key={method}
            look="quiet"
            onClick={() => {
              setChosen(method);
            }}
          >
            {method === 'totp' ? t('secondStep.useCode') : t('secondStep.useBackupCode')}
          </Button>
        ))}
        <Button look="quiet" onClick={onBack}>
          {t('secondStep.back')}
        </Button>
      </div>
      <p className={styles.lost}>{t('secondStep.lost')}</p>
    </Page>
  );
}

type CodeFormProps = {
  method: Exclude<Method, 'passkey'>;
  inTime: <T>(attempt: Promise<T>) => Promise<T>;
};

function CodeForm({ method, inTime }: CodeFormProps) {
  const { t } = useTranslation();
  const { giveCode } = useSessionStart();
  const form = useForm({
    schema: method === 'totp' ? codeFromApp : codeFromPaper,
    initial: { code: '' },
    send: ({ code }) => inTime(giveCode(code)),
  });
  return (
    <Form form={form} submit={t('signIn.submit')} pendingText={t('signIn.pending')}>
      {method === 'totp' ? (
        <CodeField {...form.field('code')} hint={t('secondStep.codeHint')} />
      ) : (
        <TextField
          {...form.field('code')}
          label={t('fields.backupCode')}
          hint={t('secondStep.backupCodeHint')}
          autoComplete="off"
        />
      )}
    </Form>
  );
}
