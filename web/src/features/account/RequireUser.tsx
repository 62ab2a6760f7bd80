// A gate for pages that belong to someone: their page, or the way to sign in.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../api/client';
import { Page } from '../../ui/Page';
import { ErrorState, Loading } from '../../ui/States';
import { meQuery, useIsSigningOut } from './queries';

export function RequireUser({ children }: { children: (user: User) => ReactNode }) {
  const { t } = useTranslation();
  const router = useRouter();
  const isSigningOut = useIsSigningOut();
  const { data: user, error, failureCount, refetch } = useQuery(meQuery);

  // While signing out, the sign-out itself decides where to go.
  const mustSignIn = user === null && !isSigningOut;
  useEffect(() => {
    if (!mustSignIn) return;
    const search = { next: router.state.location.href };
    void router.navigate({ to: '/sign-in', search, replace: true });
  }, [mustSignIn, router]);

  if (user) return children(user);
  if (error) {
    return (
      <Page title={t('problems.title')} width="reading">
        <ErrorState error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  return <Loading failures={failureCount} />;
}
