// Everything that opens a session. Each answers with who is signed in now.
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, unwrap, type Me, type SecondStep } from '../../api/client';
import { rememberRenewal } from '../../api/session-hint';
import { forgetPrivateData, meQuery, type NewAccount } from './queries';
import { getPasskey } from './webauthn';

export type Credentials = { email: string; password: string };

export function useSessionStart() {
  const queryClient = useQueryClient();
  const starting = async (answer: Promise<Me>) => {
    const me = await answer;
    begin(queryClient, me);
    return me;
  };
  return {
    /** Answers with what is still needed, or with `undefined` when that was all. */
    signIn: async (body: Credentials): Promise<SecondStep | undefined> => {
      const answer = await unwrap(api.POST('/api/auth/login', { body }));
      if ('methods' in answer) return answer;
      begin(queryClient, answer);
      return undefined;
    },
    giveCode: (code: string) =>
      starting(unwrap(api.POST('/api/auth/2fa/verify', { body: { code } }))),
    givePasskey: () => starting(secondStepWithPasskey()),
    signInWithPasskey: () => starting(passkeySignIn()),
    verifyEmail: (body: { token: string; password: string }) =>
      starting(unwrap(api.POST('/api/auth/verify-email', { body }))),
    setUp: (body: NewAccount & { token: string }) =>
      starting(unwrap(api.POST('/api/auth/setup', { body }))),
  };
}

function begin(queryClient: QueryClient, me: Me): void {
  rememberRenewal();
  // Nothing of whoever was signed in before may shine through.
  forgetPrivateData(queryClient);
  queryClient.setQueryData(meQuery.queryKey, me);
}

async function secondStepWithPasskey(): Promise<Me> {
  const { publicKey } = await unwrap(api.POST('/api/auth/2fa/passkey/start'));
  const credential = await getPasskey(publicKey);
  return unwrap(api.POST('/api/auth/2fa/passkey/finish', { body: { credential } }));
}

async function passkeySignIn(): Promise<Me> {
  const { publicKey } = await unwrap(api.POST('/api/auth/passkey/start'));
  const credential = await getPasskey(publicKey);
  return unwrap(api.POST('/api/auth/passkey/finish', { body: { credential } }));
}
