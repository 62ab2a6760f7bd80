// How far a new password is from long enough, while it is typed.
import { useTranslation } from 'react-i18next';
import { characters, PASSWORD_MIN } from './rules';

export function LengthHint({ password }: { password: string }) {
  const { t } = useTranslation();
  const missing = PASSWORD_MIN - characters(password);
  if (password === '') return t('fields.passwordHint', { min: PASSWORD_MIN });
  if (missing > 0) return t('fields.passwordMore', { count: missing });
  return t('fields.passwordEnough');
}
