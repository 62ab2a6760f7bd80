// What the specs share: an account that exists, a page signed in to it, and the list of pages.
import { randomUUID } from 'node:crypto';
import { test as base, expect, type Browser, type Page } from '@playwright/test';

export { expect };

export type Account = { email: string; username: string; password: string };

export function newAccount(): Account {
  const id = randomUUID().slice(0, 8);
  return {
    email: `e2e-${id}@example.org`,
    username: `e2e_${id}`,
    password: `a calm anchorage ${id}`,
  };
}

export const publicPages = [
  { name: 'welcome', path: '/' },
  { name: 'sign-up', path: '/sign-up' },
  { name: 'sign-in', path: '/sign-in' },
  { name: 'sign-in-next', path: '/sign-in?next=%2Faccount' },
  { name: 'verify-email', path: '/verify-email#token=of-no-importance' },
  { name: 'verify-email-broken', path: '/verify-email' },
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

export async function signUp(page: Page, account: Account): Promise<void> {
  await open(page, '/sign-up');
  await field(page, 'E-mail').fill(account.email);
  await field(page, 'Username').fill(account.username);
  await field(page, 'Password').fill(account.password);
  await button(page, 'Create account').click();
  await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
}

/** Finds the account's message in the development mailbox and follows its link. */
export async function followLink(page: Page, account: Account): Promise<void> {
  await open(page, '/dev/mail');
  await page.getByRole('link', { name: account.email }).first().click();
  await page.getByRole('article').getByRole('link', { name: '/verify-email#token=' }).click();
  await expect(page.getByRole('heading', { name: 'Confirm your address' })).toBeVisible();
}

export async function confirm(page: Page): Promise<void> {
  await button(page, 'Confirm this address').click();
  await expect(page.getByRole('heading', { name: 'Address confirmed' })).toBeVisible();
}

export async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await field(page, 'E-mail').fill(email);
  await field(page, 'Password').fill(password);
  await button(page, 'Sign in').click();
}

async function createAccount(browser: Browser, baseURL: string) {
  const account = newAccount();
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await signUp(page, account);
  await followLink(page, account);
  await confirm(page);
  await open(page, '/sign-in');
  await signIn(page, account);
  await expect(page.getByRole('heading', { name: account.username })).toBeVisible();
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
  signedIn: async ({ browser, resident, locale, baseURL }, use) => {
    const context = await browser.newContext({
      baseURL: baseURL ?? '',
      locale: locale ?? 'en-GB',
      storageState: resident.state,
    });
    await use(await context.newPage());
    await context.close();
  },
});
