// The first step of signing in: e-mail and password, or a passkey and nothing else.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecondStep } from '../../api/client';
import { Card } from '../../ui/Card';
import { Form } from '../../ui/form/Form';
import { PasswordField } from '../../ui/form/PasswordField';
import { TextField } from '../../ui/form/TextField';
import { useForm } from '../../ui/form/useForm';
import { Notice } from '../../ui/Notice';
import { Or } from '../../ui/Or';
import { Page } from '../../ui/Page';
import { PasskeyButton } from './PasskeyButton';
import { ResendButton } from './Resend';
import { credentials } from './rules';
import { useSessionStart } from './session-start';
import { passkeysSupported } from './webauthn';

type Props = {
  notice: 'signedOut' | 'tooLate' | 'next' | undefined;
  /** The address of an earlier attempt. */
  email: string;
  onSecondStep: (step: SecondStep, email: string) => void;
};

export function FirstStepPage({ notice, email, onSecondStep }: Props) {
  const { t } = useTranslation();
  const { signIn, signInWithPasskey } = useSessionStart();
  const [tried, setTried] = useState('');
  const form = useForm({
    schema: credentials,
    initial: { email, password: '' },
    send: async (values) => {
      setTried(values.email);
      const step = await signIn(values);
      if (step) onSecondStep(step, values.email);
    },
  });

  return (
    <Page title={t('signIn.title')} width="form">
      {notice !== undefined && (
        <Notice kind={notice === 'signedOut' ? 'good' : 'info'}>{t(`signIn.${notice}`)}</Notice>
      )}
      <Card>
        <Form
          form={form}
          throttled={{ help: <NewPasswordHelps /> }}
          submit={t('signIn.submit')}
          pendingText={t('signIn.pending')}
        >
          <TextField
            {...form.field('email')}
            label={t('fields.email')}
            type="email"
            autoComplete="username"
          />
          <PasswordField
            {...form.field('password')}
            label={t('fields.password')}
            autoComplete="current-password"
          />
        </Form>
        {passkeysSupported() && (
          <>
            <Or />
            <PasskeyButton run={signInWithPasskey}>{t('signIn.passkey')}</PasskeyButton>
          </>
        )}
      </Card>
      {form.problem?.code === 'invalid_credentials' && (
        <Card title={t('signIn.notConfirmed')}>
          <ResendButton key={tried} email={tried} />
        </Card>
      )}
      <div>
        <p>
          <Link to="/forgot-password">{t('signIn.forgot')}</Link>
        </p>
        <p>
          {t('signIn.noAccount')} <Link to="/sign-up">{t('nav.signUp')}</Link>
        </p>
      </div>
    </Page>
  );
}

/** Somebody else's attempts keep nobody out for long. */
function NewPasswordHelps() {
  const { t } = useTranslation();
  return (
    <p>
      {t('signIn.throttled')} <Link to="/forgot-password">{t('signIn.throttledLink')}</Link>
    </p>
  );
}
