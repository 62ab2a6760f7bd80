// /setup#token=…: creates the first administrator, from the link printed at the first start.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { brokenLink, type BrokenLink } from '../features/account/broken-link';
import { useLinkToken } from '../features/account/link-token';
import { NewAccountFields } from '../features/account/NewAccountFields';
import { afterSignIn } from '../features/account/next-path';
import { newAccount } from '../features/account/rules';
import { useSessionStart } from '../features/account/session-start';
import { ButtonLink } from '../ui/Button';
import { Card } from '../ui/Card';
import { Form } from '../ui/form/Form';
import { useForm } from '../ui/form/useForm';
import { AlertIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function SetupPage() {
  const token = useLinkToken('/setup');
  const [broken, setBroken] = useState<BrokenLink>();

  if (token === undefined) return <NoSetup kind="missing" />;
  if (broken) return <NoSetup kind={broken} />;
  return <Setup token={token} onBroken={setBroken} />;
}

type SetupProps = { token: string; onBroken: (kind: BrokenLink) => void };

function Setup({ token, onBroken }: SetupProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { setUp } = useSessionStart();
  const form = useForm({
    schema: newAccount,
    initial: { email: '', username: '', password: '' },
    send: async (values) => {
      let me;
      try {
        me = await setUp({ ...values, token });
      } catch (error) {
        const kind = brokenLink(Problem.from(error).code);
        if (kind) onBroken(kind);
        throw error;
      }
      await navigate({ to: afterSignIn(me, undefined), replace: true });
    },
  });
  return (
    <Page title={t('setup.title')} lead={t('setup.lead')} width="form">
      <Card>
        <Form form={form} submit={t('setup.submit')} pendingText={t('setup.pending')}>
          <NewAccountFields form={form} />
        </Form>
      </Card>
    </Page>
  );
}

function NoSetup({ kind }: { kind: BrokenLink | 'missing' }) {
  const { t } = useTranslation();
  return (
    <Page
      icon={<AlertIcon />}
      title={t(`setup.${kind}Title`)}
      lead={t(`setup.${kind}Lead`)}
      width="form"
    >
      <ButtonLink look="primary" to={kind === 'used' ? '/sign-in' : '/'}>
        {kind === 'used' ? t('nav.signIn') : t('common.home')}
      </ButtonLink>
    </Page>
  );
}
