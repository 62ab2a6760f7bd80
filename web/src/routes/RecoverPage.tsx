// /recover#token=…: removes a lost second factor. An administrator started it; the password ends it.
import { useTranslation } from 'react-i18next';
import { recover } from '../features/account/link-calls';
import { BrokenLinkPage, DonePage } from '../features/account/LinkPage';
import { knownPassword } from '../features/account/rules';
import { useLinkForm } from '../features/account/useLinkForm';
import { ButtonLink } from '../ui/Button';
import { Card } from '../ui/Card';
import { Form } from '../ui/form/Form';
import { PasswordField } from '../ui/form/PasswordField';
import { ShieldIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function RecoverPage() {
  const { t } = useTranslation();
  const { form, broken, isDone } = useLinkForm({
    path: '/recover',
    schema: knownPassword,
    initial: { password: '' },
    send: recover,
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
