// /forgot-password: has a link sent to whoever cannot sign in.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DevelopmentMailbox } from '../features/account/DevelopmentMailbox';
import { forgotPassword } from '../features/account/link-calls';
import { address } from '../features/account/rules';
import { Button } from '../ui/Button';
import { Card } from '../ui/Card';
import { Form } from '../ui/form/Form';
import { TextField } from '../ui/form/TextField';
import { useForm } from '../ui/form/useForm';
import { MailIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function ForgotPasswordPage() {
  const { t } = useTranslation();
  const [sentTo, setSentTo] = useState<string>();
  // Lives here, so that going back from the second page finds what was typed.
  const form = useForm({
    schema: address,
    initial: { email: '' },
    send: async ({ email }) => {
      await forgotPassword(email);
      setSentTo(email);
    },
  });

  if (sentTo !== undefined) {
    return (
      <Page
        key="sent"
        icon={<MailIcon />}
        title={t('forgot.sentTitle')}
        lead={t('forgot.sentLead', { email: sentTo })}
        width="form"
      >
        <DevelopmentMailbox />
        <Card>
          <p>{t('forgot.sentHint')}</p>
          <Button
            onClick={() => {
              setSentTo(undefined);
            }}
          >
            {t('forgot.again')}
          </Button>
        </Card>
        <BackToSignIn />
      </Page>
    );
  }
  return (
    <Page key="ask" title={t('forgot.title')} lead={t('forgot.lead')} width="form">
      <Card>
        <Form
          form={form}
          throttled={{ about: 'mail' }}
          submit={t('forgot.submit')}
          pendingText={t('resend.pending')}
        >
          <TextField
            {...form.field('email')}
            label={t('fields.email')}
            type="email"
            autoComplete="username"
          />
        </Form>
      </Card>
      <BackToSignIn />
    </Page>
  );
}

function BackToSignIn() {
  const { t } = useTranslation();
  return (
    <p>
      <Link to="/sign-in">{t('forgot.back')}</Link>
    </p>
  );
}
