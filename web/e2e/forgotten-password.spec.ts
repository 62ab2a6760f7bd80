// A forgotten password, from the question to the next sign-in.
import {
  button,
  expect,
  expectToBeIn,
  field,
  followLink,
  fromSomewhere,
  join,
  newAccount,
  newPassword,
  open,
  signIn,
  test,
  type Account,
} from './support';
import type { Page } from '@playwright/test';

async function ask(page: Page, email: string): Promise<void> {
  await open(page, '/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
  await field(page, 'E-mail').fill(email);
  await button(page, 'Send the link').click();
  await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
}

async function choose(page: Page, password: string): Promise<void> {
  await field(page, 'New password').fill(password);
  await button(page, 'Save the new password').click();
}

async function expectToBeRefused(page: Page, account: Account): Promise<void> {
  await open(page, '/sign-in');
  await signIn(page, account);
  await expect(page.getByRole('alert')).toContainText('The e-mail or the password is wrong');
}

test('a new password takes the place of the old one, and ends all sessions', async ({
  page,
  browser,
  baseURL,
}) => {
  const account = newAccount();
  await join(page, account);

  const elsewhere = await browser.newContext({
    baseURL: baseURL ?? '',
    locale: 'en-GB',
    ...fromSomewhere(),
  });
  const other = await elsewhere.newPage();
  await ask(other, account.email);
  await followLink(other, account, 'reset');
  expect(other.url()).not.toContain('token');
  const changed = { ...account, password: newPassword() };
  await choose(other, changed.password);
  await expect(other.getByRole('heading', { name: 'Your new password is set' })).toBeVisible();

  await open(page, '/account');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount$/);
  await expectToBeRefused(page, account);
  await open(page, '/sign-in');
  await signIn(page, changed);
  await expectToBeIn(page, changed);

  await followLink(other, account, 'reset');
  await choose(other, newPassword());
  await expect(other.getByRole('heading', { name: 'This link was already used' })).toBeVisible();
  await elsewhere.close();
});

test('a weak new password is refused, and the link still works', async ({ page, context }) => {
  const account = newAccount();
  await join(page, account);
  await context.clearCookies();
  await ask(page, account.email);
  await followLink(page, account, 'reset');
  await choose(page, 'password123');
  await expect(field(page, 'New password')).toHaveAccessibleDescription(/among the first|too easy/);
  await choose(page, newPassword());
  await expect(page.getByRole('heading', { name: 'Your new password is set' })).toBeVisible();
});

test('the page says the same about an address that nobody has', async ({ page }) => {
  const { email } = newAccount();
  await ask(page, email);
  await expect(page.getByText(`If ${email} has an account here`)).toBeVisible();
});

test('a made-up link is refused, and leads to a new one', async ({ page }) => {
  await open(page, '/reset-password#token=made-up');
  await choose(page, newPassword());
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
  await page.getByRole('link', { name: 'Ask for a new link' }).click();
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
});

for (const { path, does } of [
  { path: '/confirm-email', does: (page: Page) => button(page, 'Confirm this address').click() },
  {
    path: '/recover',
    does: async (page: Page) => {
      await field(page, 'Password').fill(newPassword());
      await button(page, 'Remove the second factor').click();
    },
  },
]) {
  test(`a made-up link to ${path} is refused`, async ({ page }) => {
    await open(page, `${path}#token=made-up`);
    await does(page);
    await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
  });
}
