// What a form may hold. Every message is a code; its sentence is `validation.<field>.<code>`.
// The server checks the same rules and answers with the same codes.
import * as v from 'valibot';

export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 256;
const EMAIL_MAX = 254;
const USERNAME = /^[A-Za-z0-9_-]{3,50}$/;

/** Characters as people count them: an emoji is one, not two UTF-16 halves. */
export function characters(text: string): number {
  return Array.from(text).length;
}

const email = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('required'),
  v.maxLength(EMAIL_MAX, 'email'),
  v.rfcEmail('email'),
);

const username = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('required'),
  v.regex(USERNAME, 'username'),
);

const filledIn = v.pipe(v.string(), v.nonEmpty('required'));

export const newPassword = v.pipe(
  v.string(),
  v.nonEmpty('required'),
  v.check((text) => characters(text) >= PASSWORD_MIN, 'length'),
  v.check((text) => characters(text) <= PASSWORD_MAX, 'length'),
);

export const newAccount = v.pipe(
  v.object({ email, username, password: newPassword }),
  v.forward(
    v.check(
      ({ email, username, password }) =>
        ![email, username].some((name) => name.toLowerCase() === password.toLowerCase()),
      'same_as_identity',
    ),
    ['password'],
  ),
);

// Signing in asks only for something to send: an old password may break a newer rule.
export const credentials = v.object({
  email,
  password: filledIn,
});

export const address = v.object({ email });

// What cannot be a code is not worth one of the few attempts that the server allows.
const isAppCode = (typed: string) => /^\d{6}$/.test(typed);
/** Crockford's base32, as the server reads it: O is 0, I and L are 1; there is no U. */
const isBackupCode = (typed: string) => /^[0-9A-TV-Z]{24}$/i.test(typed);
/** What people put between groups: spaces, and the dashes that word processors make of `-`. */
const SEPARATORS = /[\s_\u2010-\u2015\u2212-]/g;

const code = (isOne: (typed: string) => boolean, mistake: string) =>
  v.pipe(
    v.string(),
    v.transform((typed) => typed.replaceAll(SEPARATORS, '')),
    v.nonEmpty('required'),
    v.check(isOne, mistake),
  );

const appCode = code(isAppCode, 'app_code');
const backupCode = code(isBackupCode, 'backup_code');
const eitherCode = code((typed) => isAppCode(typed) || isBackupCode(typed), 'either_code');

export const knownPassword = v.object({ password: filledIn });
export const newPasswordOnly = v.object({ new_password: newPassword });
export const codeFromApp = v.object({ code: appCode });
export const codeFromPaper = v.object({ code: backupCode });

/** Who has a second factor gives both. */
export const confirmation = (needsCode: boolean) =>
  v.object({ password: filledIn, code: needsCode ? eitherCode : v.string() });
