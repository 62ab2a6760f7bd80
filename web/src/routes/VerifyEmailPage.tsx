// /verify-email#token=…: confirms an address. Only a click does it, because mail scanners open links.
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { brokenLink, type BrokenLink } from '../features/account/broken-link';
import { useLinkToken } from '../features/account/link-token';
import { verifyEmail } from '../features/account/queries';
import { ResendForm } from '../features/account/Resend';
import { Button, ButtonLink } from '../ui/Button';
import { Card } from '../ui/Card';
import { AlertIcon, CheckIcon, MailIcon } from '../ui/icons';
import { Page } from '../ui/Page';
import { ProblemNotice } from '../ui/ProblemNotice';

export function VerifyEmailPage() {
  const { t } = useTranslation();
  const token = useLinkToken('/verify-email');
  const confirm = useMutation({ mutationFn: verifyEmail });

  if (confirm.data) {
    return (
      <Page
        key="done"
        icon={<CheckIcon />}
        title={t('verify.doneTitle')}
        lead={t('verify.doneLead', confirm.data)}
        width="form"
      >
        <ButtonLink look="primary" to="/sign-in">
          {t('nav.signIn')}
        </ButtonLink>
      </Page>
    );
  }

  const problem = confirm.error ? Problem.from(confirm.error) : undefined;
  if (problem?.code === 'username_taken') return <NameTaken />;
  const broken = brokenLink(problem?.code);
  if (token === undefined || broken) return <NoConfirmation kind={broken ?? 'invalid'} />;

  return (
    <Page
      icon={<MailIcon />}
      title={t('verify.title')}
      lead={t('verify.lead', { app: 'Mainstay' })}
      width="form"
    >
      {problem && <ProblemNotice problem={problem} />}
      <Button
        look="primary"
        pending={confirm.isPending}
        pendingText={t('verify.pending')}
        onClick={() => {
          confirm.mutate(token);
        }}
      >
        {t('verify.submit')}
      </Button>
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
