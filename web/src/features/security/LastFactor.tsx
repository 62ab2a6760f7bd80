// What it means to remove the only second factor: it depends on whether this server asks for one.
import { useTranslation } from 'react-i18next';

export function LastFactor({ isRequired }: { isRequired: boolean }) {
  const { t } = useTranslation();
  return <p>{isRequired ? t('settings.lastFactor.required') : t('settings.lastFactor.free')}</p>;
}
