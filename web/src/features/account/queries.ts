// The account room's conversations with the server.
import {
  queryOptions,
  useIsMutating,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, unwrap, type User } from '../../api/client';
import { Problem } from '../../api/problem';

const SIGN_OUT = ['sign-out'];

/** Who is signed in; `null` is an answer ("nobody"), not an error. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<User | null> => {
    try {
      return await unwrap(api.GET('/api/auth/me', { signal }));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
});

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
export type Credentials = { email: string; password: string };

export const signUp = (body: NewAccount) => unwrap(api.POST('/api/auth/signup', { body }));

export const verifyEmail = (token: string) =>
  unwrap(api.POST('/api/auth/verify-email', { body: { token } }));

export const resendVerification = (email: string) =>
  unwrap(api.POST('/api/auth/resend-verification', { body: { email } }));

/** Both of these answer with the account and open a session. */
export function useSessionStart() {
  const queryClient = useQueryClient();
  const remember = (user: User) => {
    queryClient.setQueryData(meQuery.queryKey, user);
  };
  return {
    signIn: async (body: Credentials) => {
      remember(await unwrap(api.POST('/api/auth/login', { body })));
    },
    setUp: async (body: NewAccount & { token: string }) => {
      remember(await unwrap(api.POST('/api/auth/setup', { body })));
    },
  };
}

/** Ends the session and forgets everything this page knew about the account. */
export function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationKey: SIGN_OUT,
    mutationFn: endSession,
    onSuccess: async () => {
      queryClient.setQueryData(meQuery.queryKey, null);
      queryClient.removeQueries({ predicate: ({ queryKey }) => !isPublic(queryKey) });
      await navigate({ to: '/sign-in', search: { signedOut: true } });
    },
  });
}

async function endSession(): Promise<void> {
  try {
    await unwrap(api.POST('/api/auth/logout'));
  } catch (error) {
    // A session that has already ended is what was asked for.
    if (!(error instanceof Problem && error.status === 401)) throw error;
  }
}

/** True while a sign-out is under way, until the next page stands. */
export function useIsSigningOut(): boolean {
  return useIsMutating({ mutationKey: SIGN_OUT }) > 0;
}

function isPublic(queryKey: readonly unknown[]): boolean {
  return queryKey[0] === meQuery.queryKey[0] || queryKey[0] === appQuery.queryKey[0];
}
