// What the account pages read.
import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client';
import { meQuery } from '../account/queries';

/** Everything below shares this first word, so that signing out forgets it as one. */
const ROOM = 'security';

export const secondFactorQuery = queryOptions({
  queryKey: [ROOM, 'second-factor'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/auth/2fa', { signal })),
});

export const passkeysQuery = queryOptions({
  queryKey: [ROOM, 'passkeys'],
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/auth/passkeys', { signal }))).passkeys,
});

export const sessionsQuery = queryOptions({
  queryKey: [ROOM, 'sessions'],
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/auth/sessions', { signal }))).sessions,
  // The list is read to find what should not be there: it must be true now.
  staleTime: 0,
});

export const tokensQuery = queryOptions({
  queryKey: [ROOM, 'tokens'],
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/auth/tokens', { signal }))).tokens,
});

export const activityQuery = infiniteQueryOptions({
  queryKey: [ROOM, 'activity'],
  queryFn: ({ signal, pageParam }) =>
    unwrap(
      api.GET('/api/auth/activity', {
        signal,
        params: { query: pageParam === null ? {} : { after: pageParam } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }) => next,
  staleTime: 0,
});

/** After a change: what the pages know is asked for again, and awaited. */
export function useRefreshSecurity(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: [ROOM] }),
      queryClient.invalidateQueries({ queryKey: meQuery.queryKey }),
    ]);
  };
}
