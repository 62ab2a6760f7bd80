// /verify-email#token=…: confirms an address and signs in. Asks for the password, so that whoever reads
// somebody's mail gets no account by it, and mail scanners that open links confirm nothing.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../api/client';
import { Problem } from '../api/problem';
import type { BrokenLink } from '../features/account/broken-link';
import { DonePage } from '../features/account/LinkPage';
import { afterSignIn } from '../features/account/next-path';
import { ResendForm } from '../features/account/Resend';
import { knownPassword } from '../features/account/rules';
import { useSessionStart } from '../features/account/session-start';
import { useLinkAction } from '../features/account/useLinkAction';
import { ButtonLink } from '../ui/Button';
import { Card } from '../ui/Card';
import { Form } from '../ui/form/Form';
import { PasswordField } from '../ui/form/PasswordField';
import { useForm } from '../ui/form/useForm';
import { AlertIcon, MailIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function VerifyEmailPage() {
  const { t } = useTranslation();
  const { run, broken } = useLinkAction('/verify-email');
  const { verifyEmail } = useSessionStart();
  const [me, setMe] = useState<Me>();
  const [isTaken, setIsTaken] = useState(false);
  const form = useForm({
    schema: knownPassword,
    initial: { password: '' },
    send: async ({ password }) => {
      try {
        setMe(await run((token) => verifyEmail({ token, password })));
      } catch (error) {
        if (Problem.from(error).code === 'username_taken') setIsTaken(true);
        throw error;
      }
    },
  });

  if (me) {
    return (
      <DonePage title={t('verify.doneTitle')} lead={t('verify.doneLead', me)}>
        <ButtonLink look="primary" to={afterSignIn(me, undefined)}>
          {t('verify.continue')}
        </ButtonLink>
      </DonePage>
    );
  }
  if (isTaken) return <NameTaken />;
  if (broken) return <NoConfirmation kind={broken} />;
  return (
    <Page icon={<MailIcon />} title={t('verify.title')} lead={t('verify.lead')} width="form">
      <Card>
        <Form form={form} submit={t('verify.submit')} pendingText={t('verify.pending')}>
          <PasswordField
            {...form.field('password')}
            label={t('fields.password')}
            hint={t('verify.passwordHint')}
            autoComplete="current-password"
          />
        </Form>
      </Card>
      <p>
        {t('verify.forgotten')} <Link to="/sign-up">{t('verify.signUpAgain')}</Link>
      </p>
    </Page>
  );
}

/** Names belong to whoever confirms first. */
function NameTaken() {
  const { t } = useTranslation();
  return (
    <Page
      key="taken"
      icon={<AlertIcon />}
      title={t('verify.takenTitle')}
      lead={t('verify.takenLead')}
      width="form"
    >
      <ButtonLink look="primary" to="/sign-up">
        {t('nav.signUp')}
      </ButtonLink>
    </Page>
  );
}

function NoConfirmation({ kind }: { kind: BrokenLink }) {
  const { t } = useTranslation();
  return (
    <Page
      key={kind}
      icon={<AlertIcon />}
      title={t(`verify.${kind}Title`)}
      lead={t(`verify.${kind}Lead`)}
      width="form"
    >
      {kind === 'used' && (
        <ButtonLink look="primary" to="/sign-in">
          {t('nav.signIn')}
        </ButtonLink>
      )}
      <Card>
        <ResendForm />
      </Card>
    </Page>
  );
}
