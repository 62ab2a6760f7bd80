// What the account pages change. Where the server wants the password again, `api` asks for it.
import { api, unwrap } from '../../api/client';
import type { Scope } from './model';

export const readTotpSetup = () => unwrap(api.GET('/api/auth/2fa/setup'));

export const enableTotp = async (code: string) =>
  (await unwrap(api.POST('/api/auth/2fa/enable', { body: { code } }))).backup_codes ?? null;

export const disableTotp = () => unwrap(api.POST('/api/auth/2fa/disable'));

export const renewBackupCodes = async () =>
  (await unwrap(api.POST('/api/auth/2fa/backup-codes'))).backup_codes;

export const renamePasskey = ({ id, name }: { id: string; name: string }) =>
  unwrap(api.PATCH('/api/auth/passkeys/{id}', { params: { path: { id } }, body: { name } }));

export const removePasskey = (id: string) =>
  unwrap(api.DELETE('/api/auth/passkeys/{id}', { params: { path: { id } } }));

type PasswordChange = {
  current_password: string;
  new_password: string;
  end_other_sessions: boolean;
};

export const changePassword = (body: PasswordChange) =>
  unwrap(api.POST('/api/auth/password', { body }));

export const endSession = (id: string) =>
  unwrap(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } }));

export const endOtherSessions = async () => (await unwrap(api.DELETE('/api/auth/sessions'))).ended;

export const changeEmail = (new_email: string) =>
  unwrap(api.POST('/api/auth/email', { body: { new_email } }));

type NewToken = { name: string; scopes: Scope[]; expires_in_days: number };

export const createToken = (body: NewToken) => unwrap(api.POST('/api/auth/tokens', { body }));

export const revokeToken = (id: string) =>
  unwrap(api.DELETE('/api/auth/tokens/{id}', { params: { path: { id } } }));

export const exportData = () => unwrap(api.GET('/api/auth/export', { parseAs: 'blob' }));

export const deleteAccount = (username: string) =>
  unwrap(api.DELETE('/api/auth/account', { body: { username } }));
