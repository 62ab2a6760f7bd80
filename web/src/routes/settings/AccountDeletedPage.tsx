// /account-deleted: the last word.
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../ui/Button';
import { AnchorIcon } from '../../ui/icons';
import { Page } from '../../ui/Page';

export function AccountDeletedPage() {
  const { t } = useTranslation();
  return (
    <Page
      icon={<AnchorIcon />}
      title={t('settings.data.goneTitle')}
      lead={t('settings.data.goneLead')}
      width="form"
    >
      <ButtonLink to="/">{t('common.home')}</ButtonLink>
    </Page>
  );
}
