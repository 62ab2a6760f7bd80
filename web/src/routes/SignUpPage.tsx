// /sign-up: opens an account, then sends its owner to their mail.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DevelopmentMailbox } from '../features/account/DevelopmentMailbox';
import { NewAccountFields } from '../features/account/NewAccountFields';
import { signUp } from '../features/account/queries';
import { ResendButton } from '../features/account/Resend';
import { newAccount } from '../features/account/rules';
import { useWayIn } from '../features/account/useWayIn';
import { Button } from '../ui/Button';
import { Card } from '../ui/Card';
import { Form } from '../ui/form/Form';
import { useForm } from '../ui/form/useForm';
import { MailIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function SignUpPage() {
  const [sentTo, setSentTo] = useState<string>();
  useWayIn();
  if (sentTo === undefined) return <SignUp onDone={setSentTo} />;
  return (
    <CheckMail
      email={sentTo}
      onWrongAddress={() => {
        setSentTo(undefined);
      }}
    />
  );
}

function SignUp({ onDone }: { onDone: (email: string) => void }) {
  const { t } = useTranslation();
  const form = useForm({
    schema: newAccount,
    initial: { email: '', username: '', password: '' },
    send: async (values) => {
      await signUp(values);
      onDone(values.email);
    },
  });
  return (
    <Page title={t('signUp.title')} lead={t('signUp.lead')} width="form">
      <Card>
        <Form form={form} submit={t('signUp.submit')} pendingText={t('signUp.pending')}>
          <NewAccountFields form={form} />
        </Form>
      </Card>
      <p>
        {t('signUp.haveAccount')} <Link to="/sign-in">{t('nav.signIn')}</Link>
      </p>
    </Page>
  );
}

type CheckMailProps = { email: string; onWrongAddress: () => void };

function CheckMail({ email, onWrongAddress }: CheckMailProps) {
  const { t } = useTranslation();
  return (
    <Page
      icon={<MailIcon />}
      title={t('signUp.sentTitle')}
      lead={t('signUp.sentLead', { email })}
      width="form"
    >
      <DevelopmentMailbox />
      <Card>
        <p>{t('signUp.sentHint')}</p>
        <ResendButton email={email} />
        <Button look="quiet" onClick={onWrongAddress}>
          {t('signUp.wrongAddress')}
        </Button>
      </Card>
    </Page>
  );
}
