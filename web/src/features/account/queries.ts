// Who is signed in here, and the end of being signed in.
import {
  queryOptions,
  useIsMutating,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, unwrap, type Me } from '../../api/client';
import { maintenanceQuery } from '../../api/maintenance';
import { CANCELLED, Problem } from '../../api/problem';
import {
  isNobodyExpected,
  rememberNobody,
  rememberRenewal,
  renewedSince,
  SESSION_HINT,
  whenNobody,
} from '../../api/session-hint';
import { maySignOut } from './leaving';

const SIGN_OUT = ['sign-out'];

/** Who is signed in; `null` is an answer ("nobody"), not an error. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }): Promise<Me | null> =>
    // Spares visitors a refused request on every page. RequireUser asks all the same.
    isNobodyExpected() ? Promise.resolve(null) : askWhoIsThere(signal),
});

async function askWhoIsThere(signal: AbortSignal): Promise<Me | null> {
  try {
    const me = await unwrap(api.GET('/api/auth/me', { signal }));
    if (!renewedSince(0)) rememberRenewal();
    return me;
  } catch (error) {
    if (error instanceof Problem && error.code === 'unauthenticated') return null;
    throw error;
  }
}

export const appQuery = queryOptions({
  queryKey: ['app'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/app', { signal })),
  staleTime: Infinity,
});

/** Whether this installation keeps its mail in a development mailbox. */
export function useDevelopmentMailbox(): boolean {
  return useQuery(appQuery).data?.development_mailbox ?? false;
}

export type NewAccount = { email: string; username: string; password: string };

export const signUp = (body: NewAccount) => unwrap(api.POST('/api/auth/signup', { body }));

/** Ends the session and forgets everything this page knew about the account. */
export function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationKey: SIGN_OUT,
    mutationFn: endSession,
    onSuccess: async () => {
      endHere(queryClient);
      // Whoever had something to lose has been asked.
      await navigate({ to: '/sign-in', search: { signedOut: true }, ignoreBlocker: true });
    },
  });
}

async function endSession(): Promise<void> {
  if (!(await maySignOut())) throw new Problem({ code: CANCELLED });
  try {
    await unwrap(api.POST('/api/auth/logout'));
  } catch (error) {
    // A session that has already ended is what was asked for.
    if (!(error instanceof Problem && error.code === 'unauthenticated')) throw error;
  }
}

/** To be called when the server has ended this browser's session. */
export function endHere(queryClient: QueryClient): void {
  rememberNobody();
  forgetUser(queryClient);
}

function forgetUser(queryClient: QueryClient): void {
  queryClient.setQueryData(meQuery.queryKey, null);
  forgetPrivateData(queryClient);
}

export function forgetPrivateData(queryClient: QueryClient): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => !isPublic(queryKey) });
}

/** Notices sessions that end or begin elsewhere, so that no page stays as if nothing had happened. */
export function watchSession(queryClient: QueryClient): void {
  // Ended by an administrator, or in another browser: a refused request is how this page learns of it.
  whenNobody(() => {
    if (queryClient.getQueryData(meQuery.queryKey)) forgetUser(queryClient);
  });
  // When somebody signs in or out in another tab, this one asks anew who is there.
  addEventListener('storage', ({ key, oldValue, newValue }) => {
    const isRenewal = Number(oldValue) > 0 && Number(newValue) > 0;
    if (key !== SESSION_HINT || isRenewal) return;
    void queryClient.invalidateQueries();
  });
}

/** True while a sign-out is under way, until the next page stands. */
export function useIsSigningOut(): boolean {
  return useIsMutating({ mutationKey: SIGN_OUT }) > 0;
}

function isPublic(queryKey: readonly unknown[]): boolean {
  return [meQuery, appQuery, maintenanceQuery].some((open) => open.queryKey[0] === queryKey[0]);
}
