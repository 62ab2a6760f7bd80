// /reset-password#token=…: a new password for whoever forgot the old one.
import { useTranslation } from 'react-i18next';
import { resetPassword } from '../features/account/link-calls';
import { BrokenLinkPage, DonePage } from '../features/account/LinkPage';
import { NewPasswordField } from '../features/account/PasswordStrength';
import { newPasswordOnly } from '../features/account/rules';
import { useLinkForm } from '../features/account/useLinkForm';
import { ButtonLink } from '../ui/Button';
import { Card } from '../ui/Card';
import { Form } from '../ui/form/Form';
import { KeyIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function ResetPasswordPage() {
  const { t } = useTranslation();
  const { form, broken, isDone } = useLinkForm({
    path: '/reset-password',
    schema: newPasswordOnly,
    initial: { new_password: '' },
    send: resetPassword,
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
