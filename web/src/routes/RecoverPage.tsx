// /recover#token=…: removes a lost second factor. An administrator started it; the password ends it.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recover } from '../features/account/link-calls';
import { BrokenLinkPage, DonePage } from '../features/account/LinkPage';
import { knownPassword } from '../features/account/rules';
import { useLinkAction } from '../features/account/useLinkAction';
import { ButtonLink } from '../ui/Button';
import { Card } from '../ui/Card';
import { Form } from '../ui/form/Form';
import { PasswordField } from '../ui/form/PasswordField';
import { useForm } from '../ui/form/useForm';
import { ShieldIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function RecoverPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { run, broken } = useLinkAction('/recover');
  const [isDone, setIsDone] = useState(false);
  const form = useForm({
    schema: knownPassword,
    initial: { password: '' },
    send: async ({ password }) => {
      await run((token) => recover({ token, password }));
      setIsDone(true);
      // Every session of the account has ended, perhaps this browser's too.
      await queryClient.invalidateQueries();
    },
  });

  if (isDone) {
    return (
      <DonePage title={t('recover.doneTitle')} lead={t('recover.doneLead')}>
        <ButtonLink look="primary" to="/sign-in">
          {t('nav.signIn')}
        </ButtonLink>
      </DonePage>
    );
  }
  if (broken) {
    return (
      <BrokenLinkPage kind={broken} words="recover">
        <ButtonLink to="/sign-in">{t('nav.signIn')}</ButtonLink>
      </BrokenLinkPage>
    );
  }
  return (
    <Page icon={<ShieldIcon />} title={t('recover.title')} lead={t('recover.lead')} width="form">
      <Card>
        <Form form={form} submit={t('recover.submit')} pendingText={t('recover.pending')}>
          <PasswordField
            {...form.field('password')}
            label={t('fields.password')}
            autoComplete="current-password"
          />
        </Form>
      </Card>
    </Page>
  );
}
