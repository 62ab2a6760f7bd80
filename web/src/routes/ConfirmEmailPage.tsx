// /confirm-email#token=…: a new address for an account. Only a click does it, because mail scanners
// open links.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { confirmEmail } from '../features/account/link-calls';
import { BrokenLinkPage, DonePage } from '../features/account/LinkPage';
import { meQuery } from '../features/account/queries';
import { useLinkAction } from '../features/account/useLinkAction';
import { Button, ButtonLink } from '../ui/Button';
import { MailIcon } from '../ui/icons';
import { Page } from '../ui/Page';
import { ProblemNotice } from '../ui/ProblemNotice';

export function ConfirmEmailPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { run, broken } = useLinkAction('/confirm-email');
  const confirm = useMutation({
    mutationFn: () => run(confirmEmail),
    onSuccess: () => queryClient.invalidateQueries(),
  });

  if (confirm.data) {
    return (
      <DonePage title={t('verify.doneTitle')} lead={t('confirmEmail.doneLead', confirm.data)}>
        <WayOn />
      </DonePage>
    );
  }
  if (broken) {
    return (
      <BrokenLinkPage kind={broken} words="confirmEmail">
        <WayOn />
      </BrokenLinkPage>
    );
  }
  return (
    <Page
      icon={<MailIcon />}
      title={t('confirmEmail.title')}
      lead={t('confirmEmail.lead')}
      width="form"
    >
      {confirm.error && <ProblemNotice problem={Problem.from(confirm.error)} />}
      <Button
        look="primary"
        pending={confirm.isPending}
        pendingText={t('verify.pending')}
        onClick={() => {
          confirm.mutate();
        }}
      >
        {t('confirmEmail.submit')}
      </Button>
    </Page>
  );
}

/** The link may have been opened where nobody is signed in. */
function WayOn() {
  const { t } = useTranslation();
  const { data: user } = useQuery(meQuery);
  return (
    <ButtonLink look="primary" to={user ? '/account' : '/sign-in'}>
      {user ? t('confirmEmail.account') : t('nav.signIn')}
    </ButtonLink>
  );
}
