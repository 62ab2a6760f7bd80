// What one-time links in mails do, and what asks for such mails. None of these opens a session.
import { api, unwrap } from '../../api/client';

export const resendVerification = (email: string) =>
  unwrap(api.POST('/api/auth/resend-verification', { body: { email } }));

export const forgotPassword = (email: string) =>
  unwrap(api.POST('/api/auth/forgot-password', { body: { email } }));

export const resetPassword = (body: { token: string; new_password: string }) =>
  unwrap(api.POST('/api/auth/reset-password', { body }));

export const confirmEmail = (token: string) =>
  unwrap(api.POST('/api/auth/email/confirm', { body: { token } }));

export const recover = (body: { token: string; password: string }) =>
  unwrap(api.POST('/api/auth/recover', { body }));
