// What the specs share: an account that exists, a page signed in to it, and the list of pages.
import { randomInt, randomUUID } from 'node:crypto';
import { test as base, expect, type Browser, type Page } from '@playwright/test';

export { expect };

export type Account = { email: string; username: string; password: string };

export function newAccount(): Account {
  const id = randomUUID().slice(0, 8);
  return { email: `e2e-${id}@example.org`, username: `e2e_${id}`, password: newPassword() };
}

/** Leans on no name: the server refuses passwords that do. */
export function newPassword(): string {
  return `a calm anchorage ${randomUUID().slice(-8)}`;
}

export const publicPages = [
  { name: 'welcome', path: '/' },
  { name: 'sign-up', path: '/sign-up' },
  { name: 'sign-in', path: '/sign-in' },
  { name: 'sign-in-next', path: '/sign-in?next=%2Faccount' },
  { name: 'verify-email', path: '/verify-email#token=of-no-importance' },
  { name: 'verify-email-broken', path: '/verify-email' },
  { name: 'forgot-password', path: '/forgot-password' },
  { name: 'reset-password', path: '/reset-password#token=of-no-importance' },
  { name: 'reset-password-broken', path: '/reset-password' },
  { name: 'confirm-email', path: '/confirm-email#token=of-no-importance' },
  { name: 'confirm-email-broken', path: '/confirm-email' },
  { name: 'recover', path: '/recover#token=of-no-importance' },
  { name: 'recover-broken', path: '/recover' },
  { name: 'setup', path: '/setup#token=of-no-importance' },
  { name: 'setup-broken', path: '/setup' },
  { name: 'mailbox', path: '/dev/mail' },
  { name: 'not-found', path: '/no/such/page' },
];

/** Opens a page and waits until it stands. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

export const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** What was done is told, and focus is where it is told. */
export async function expectToBeTold(page: Page, words: string): Promise<void> {
  await expect(page.locator('[tabindex="-1"]').filter({ hasText: words }).last()).toBeFocused();
}

export async function signUp(page: Page, account: Account): Promise<void> {
  await open(page, '/sign-up');
  await field(page, 'E-mail').fill(account.email);
  await field(page, 'Username').fill(account.username);
  await field(page, 'Password').fill(account.password);
  await button(page, 'Create account').click();
  await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
}

const links = {
  verify: {
    subject: 'Confirm your e-mail address',
    path: '/verify-email#token=',
    heading: 'Confirm your address',
  },
  reset: {
    subject: 'Choose a new password',
    path: '/reset-password#token=',
    heading: 'Choose a new password',
  },
};

/** Finds the account's newest message of that kind in the development mailbox and follows its link. */
export async function followLink(
  page: Page,
  { email }: Account,
  kind: keyof typeof links = 'verify',
): Promise<void> {
  const { subject, path, heading } = links[kind];
  await open(page, '/dev/mail');
  await page.getByRole('link', { name: email }).filter({ hasText: subject }).first().click();
  await page.getByRole('article').getByRole('link', { name: path }).click();
  await expect(page.getByRole('heading', { name: heading })).toBeVisible();
}

/** Confirms the address with the password chosen at sign-up; that signs in. */
export async function confirm(page: Page, { password }: Account): Promise<void> {
  await field(page, 'Password').fill(password);
  await button(page, 'Confirm this address').click();
  await expect(page.getByRole('heading', { name: 'Address confirmed' })).toBeVisible();
}

/** From nothing to being signed in. */
export async function join(page: Page, account: Account): Promise<void> {
  await signUp(page, account);
  await followLink(page, account);
  await confirm(page, account);
  await page.getByRole('link', { name: 'Go to your account' }).click();
  await expectToBeIn(page, account);
}

export async function expectToBeIn(page: Page, { username }: Account): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: `Hello, ${username}` })).toBeVisible();
}

export async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await field(page, 'E-mail').fill(email);
  await field(page, 'Password').fill(password);
  await button(page, 'Sign in').click();
}

/** As from behind a proxy that the server trusts (`guard.trusted_proxies`): nobody shares the limits that
 * the server sets to the mails and mistakes of one network. Where it trusts none, this changes nothing. */
export function fromSomewhere(): { extraHTTPHeaders: Record<string, string> } {
  const address = ['10', randomInt(256), randomInt(256), randomInt(1, 255)].join('.');
  return { extraHTTPHeaders: { 'x-forwarded-for': address } };
}

async function createAccount(browser: Browser, baseURL: string) {
  const account = newAccount();
  const context = await browser.newContext({ baseURL, ...fromSomewhere() });
  const page = await context.newPage();
  await join(page, account);
  const state = await context.storageState();
  await context.close();
  return { account, state };
}

type ForTest = { signedIn: Page };
type ForWorker = { resident: Awaited<ReturnType<typeof createAccount>> };

export const test = base.extend<ForTest, ForWorker>({
  // Someone who has an account already; made once.
  resident: [
    async ({ browser }, use, { project }) => {
      await use(await createAccount(browser, project.use.baseURL ?? ''));
    },
    { scope: 'worker' },
  ],
  // eslint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from its pattern.
  extraHTTPHeaders: async ({}, use) => {
    await use(fromSomewhere().extraHTTPHeaders);
  },
  signedIn: async ({ browser, resident, locale, baseURL }, use) => {
    const context = await browser.newContext({
      baseURL: baseURL ?? '',
      locale: locale ?? 'en-GB',
      storageState: resident.state,
      ...fromSomewhere(),
    });
    await use(await context.newPage());
    await context.close();
  },
});
