// On a development server, the way to the mail that was just "sent".
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { useDevelopmentMailbox } from './queries';

export function DevelopmentMailbox() {
  const { t } = useTranslation();
  if (!useDevelopmentMailbox()) return null;
  return (
    <>
      <Notice kind="info">{t('signUp.sentMailbox')}</Notice>
      <ButtonLink look="primary" to="/dev/mail">
        {t('signUp.openMailbox')}
      </ButtonLink>
    </>
  );
}
