// The account's corner of the header: the way in, or the way out.
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../ui/Button';
import { meQuery } from './queries';
import { SignOutButton } from './SignOutButton';

export function AccountNav() {
  const { t } = useTranslation();
  const { data: user } = useQuery(meQuery);
  const path = useLocation({ select: ({ pathname }) => pathname });

  if (user) return <SignOutButton look="quiet" />;
  // While it is not known who is there, offer nothing rather than the wrong thing.
  if (user === undefined || path === '/sign-in') return null;
  return (
    <ButtonLink look="quiet" to="/sign-in">
      {t('nav.signIn')}
    </ButtonLink>
  );
}
