// Leads whoever is signed in past the pages for those who are not.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { afterSignIn } from './next-path';
import { meQuery } from './queries';

/** Holds after signing in, here or in another tab, and for visitors who were signed in all along. */
export function useWayIn(next?: string): void {
  const { history } = useRouter();
  const { data: user } = useQuery(meQuery);
  useEffect(() => {
    if (user) history.replace(afterSignIn(user, next));
  }, [user, next, history]);
}
