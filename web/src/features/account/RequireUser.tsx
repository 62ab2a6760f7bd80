// A gate for pages that belong to someone: their page, or the way to sign in.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../api/client';
import { forgetHint, isNobodyExpected } from '../../api/session-hint';
import { Page } from '../../ui/Page';
import { ErrorState, Loading } from '../../ui/States';
import { meQuery, useIsSigningOut } from './queries';

export function RequireUser({ children }: { children: (user: Me) => ReactNode }) {
  const { t } = useTranslation();
  const router = useRouter();
  const isSigningOut = useIsSigningOut();
  const { data: user, error, refetch } = useCertainMe();

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
  return <Loading />;
}

/** As meQuery, but "nobody" is believed only when the server has said so. */
function useCertainMe() {
  const queryClient = useQueryClient();
  const me = useQuery(meQuery);
  // A hint may be out of date, after a sign-in through the API reference for example.
  const [mustAsk, setMustAsk] = useState(isNobodyExpected);
  const { refetch } = me;
  useEffect(() => {
    if (!mustAsk) return;
    forgetHint();
    void queryClient
      .cancelQueries(meQuery)
      .then(() => refetch())
      .finally(() => {
        setMustAsk(false);
      });
  }, [mustAsk, queryClient, refetch]);
  return { ...me, data: mustAsk && me.data === null ? undefined : me.data };
}
