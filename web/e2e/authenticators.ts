// Second factors for the specs: an authenticator app of its own making, and a passkey in Chromium.
import type { BrowserContext, Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';

const STEP = 30;

/** Codes as an app shows them, computed by other code than the server's. */
export class App {
  readonly #totp: TOTP;
  #last = 0;

  /** `secret`: as people type it, base32 in groups. */
  constructor(secret: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(/\s/g, '')) });
  }

  /** A code that was not used yet. Two come at once, for a third one has to wait as people do. */
  async code(): Promise<string> {
    const now = Date.now() / 1000;
    // The code before the present one is still good, unless it is about to run out.
    const oldest = Math.floor((now + 3) / STEP) - 1;
    const step = Math.max(this.#last + 1, oldest);
    const wait = step * STEP - now;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1000 + 200));
    this.#last = step;
    return this.#totp.generate({ timestamp: step * STEP * 1000 });
  }
}

/** One request of the page's own, as its scripts would send it. */
async function request<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  const { status, text } = await page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(path, {
        method,
        ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body }),
      });
      return { status: answer.status, text: await answer.text() };
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

/** Gives whoever is signed in on this page a second factor. */
export async function enrolApp(page: Page): Promise<{ app: App; backupCodes: string[] }> {
  const { secret } = await request<{ secret: string }>(page, 'GET', '/api/auth/2fa/setup');
  const app = new App(secret);
  const body = { code: await app.code() };
  const enabled = request<{ backup_codes: string[] }>(page, 'POST', '/api/auth/2fa/enable', body);
  return { app, backupCodes: (await enabled).backup_codes };
}

/** A device that keeps passkeys and says yes to everything. */
export async function plugInAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Browsers bind passkeys to names; an address such as 127.0.0.1 has none. */
export function hasName(url: string | undefined): boolean {
  return url !== undefined && /[a-z]/i.test(new URL(url).hostname);
}

/** Gives whoever is signed in on this page a passkey. */
export async function enrolPasskey(page: Page): Promise<void> {
  const start = '/api/auth/passkeys/register/start';
  const { publicKey } = await request<{ publicKey: unknown }>(page, 'POST', start, {});
  const credential = await page.evaluate(async (options) => {
    const parsed = PublicKeyCredential.parseCreationOptionsFromJSON(
      options as PublicKeyCredentialCreationOptionsJSON,
    );
    const created = await navigator.credentials.create({ publicKey: parsed });
    return (created as PublicKeyCredential).toJSON() as unknown;
  }, publicKey);
  const finish = '/api/auth/passkeys/register/finish';
  await request(page, 'POST', finish, { name: 'A drawer of this desk', credential });
}
