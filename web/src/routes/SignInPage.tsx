// /sign-in: opens a session, then leads to where the visitor was going.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { safeNext } from '../features/account/next-path';
import { meQuery, useSessionStart } from '../features/account/queries';
import { ResendButton } from '../features/account/Resend';
import { credentials } from '../features/account/rules';
import { Card } from '../ui/Card';
import { Form } from '../ui/form/Form';
import { PasswordField } from '../ui/form/PasswordField';
import { TextField } from '../ui/form/TextField';
import { useForm } from '../ui/form/useForm';
import { Notice } from '../ui/Notice';
import { Page } from '../ui/Page';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { t } = useTranslation();
  const { next, signedOut } = route.useSearch();
  const { history } = useRouter();
  const { data: user } = useQuery(meQuery);
  const { signIn } = useSessionStart();
  const [tried, setTried] = useState('');
  const form = useForm({
    schema: credentials,
    initial: { email: '', password: '' },
    send: async (values) => {
      setTried(values.email);
      await signIn(values);
    },
  });

  // Holds after the form succeeds, and for visitors who were signed in all along.
  useEffect(() => {
    if (user) history.replace(safeNext(next));
  }, [user, next, history]);

  return (
    <Page title={t('signIn.title')} width="form">
      {signedOut === true && <Notice kind="good">{t('signIn.signedOut')}</Notice>}
      {next !== undefined && <Notice kind="info">{t('signIn.next')}</Notice>}
      <Card>
        <Form form={form} submit={t('signIn.submit')} pendingText={t('signIn.pending')}>
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
      </Card>
      {form.problem?.code === 'invalid_credentials' && (
        <Card title={t('signIn.notConfirmed')}>
          <ResendButton key={tried} email={tried} />
        </Card>
      )}
      <p>
        {t('signIn.noAccount')} <Link to="/sign-up">{t('nav.signUp')}</Link>
      </p>
    </Page>
  );
}
