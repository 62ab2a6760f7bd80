// Any address that leads nowhere.
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../ui/Button';
import { AnchorIcon } from '../ui/icons';
import { Page } from '../ui/Page';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page icon={<AnchorIcon />} title={t('notFound.title')} lead={t('notFound.lead')} width="form">
      <ButtonLink to="/">{t('common.home')}</ButtonLink>
    </Page>
  );
}
