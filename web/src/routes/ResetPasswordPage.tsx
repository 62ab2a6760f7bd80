// /reset-password#token=…: a new password for whoever forgot the old one.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { resetPassword } from '../features/account/link-calls';
import { BrokenLinkPage, DonePage } from '../features/account/LinkPage';
import { NewPasswordField } from '../features/account/PasswordStrength';
import { newPasswordOnly } from '../features/account/rules';
import { useLinkAction } from '../features/account/useLinkAction';
import { ButtonLink } from '../ui/Button';
import { Card } from '../ui/Card';
import { Form } from '../ui/form/Form';
import { useForm } from '../ui/form/useForm';
import { KeyIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function ResetPasswordPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { run, broken } = useLinkAction('/reset-password');
  const [isDone, setIsDone] = useState(false);
  const form = useForm({
    schema: newPasswordOnly,
    initial: { new_password: '' },
    send: async ({ new_password }) => {
      await run((token) => resetPassword({ token, new_password }));
      setIsDone(true);
      // The reset ended every session of the account, perhaps this browser's too.
      await queryClient.invalidateQueries();
    },
  });

  if (isDone) {
    return (
      <DonePage title={t('reset.doneTitle')} lead={t('reset.doneLead')}>
        <ButtonLink look="primary" to="/sign-in">
          {t('nav.signIn')}
        </ButtonLink>
      </DonePage>
    );
  }
  if (broken) {
    return (
      <BrokenLinkPage kind={broken} words="reset">
        <ButtonLink look="primary" to="/forgot-password">
          {t('reset.again')}
        </ButtonLink>
      </BrokenLinkPage>
    );
  }
  return (
    <Page icon={<KeyIcon />} title={t('reset.title')} lead={t('reset.lead')} width="form">
      <Card>
        <Form form={form} submit={t('reset.submit')} pendingText={t('reset.pending')}>
          <NewPasswordField {...form.field('new_password')} label={t('fields.newPassword')} />
        </Form>
      </Card>
    </Page>
  );
}
