// A new password, and who is signed out by it.
import type { Page } from '@playwright/test';
import {
  button,
  expect,
  expectToBeIn,
  expectToBeTold,
  field,
  join,
  newAccount,
  newPassword,
  open,
  signIn,
  test,
} from './support';

// Several browsers at work take a while.
test.setTimeout(90_000);

async function change(page: Page, from: string, to: string, endOthers: boolean): Promise<void> {
  await open(page, '/account/security');
  await button(page, 'Change the password').click();
  await expect(field(page, 'Current password')).toBeFocused();
  await field(page, 'Current password').fill(from);
  await field(page, 'New password').fill(to);
  await field(page, 'Sign out everywhere else').setChecked(endOthers);
  await button(page, 'Save the new password').click();
}

test('a new password ends the sessions elsewhere, and only it signs in', async ({
  page,
  browser,
  baseURL,
}) => {
  const account = newAccount();
  await join(page, account);
  const elsewhere = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await open(elsewhere, '/sign-in');
  await signIn(elsewhere, account);
  await expectToBeIn(elsewhere, account);

  const password = newPassword();
  await change(page, account.password, password, true);
  await expectToBeTold(page, 'all other sessions were ended');

  await open(elsewhere, '/account');
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  await signIn(elsewhere, account);
  await expect(elsewhere.getByRole('alert')).toBeVisible();
  await signIn(elsewhere, { ...account, password });
  await expectToBeIn(elsewhere, account);
  await elsewhere.context().close();
});

test('who left the others signed in is asked once more', async ({ page, browser, baseURL }) => {
  const account = newAccount();
  await join(page, account);
  const elsewhere = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await open(elsewhere, '/sign-in');
  await signIn(elsewhere, account);
  await expectToBeIn(elsewhere, account);

  await change(page, account.password, newPassword(), false);
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await button(page, 'Sign out everywhere else').click();
  await expectToBeTold(page, 'One other session was ended.');
  await open(elsewhere, '/account');
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  await elsewhere.context().close();
});

test('a wrong or a weak password is refused beside its field', async ({
  signedIn: page,
  resident: { account },
}) => {
  await change(page, 'not this one', newPassword(), true);
  const current = field(page, 'Current password');
  await expect(current).toHaveAccessibleDescription('This password is not right.');
  await expect(current).toBeFocused();

  await current.fill(account.password);
  await field(page, 'New password').fill('password1');
  await button(page, 'Save the new password').click();
  await expect(field(page, 'New password')).toHaveAttribute('aria-invalid', 'true');
  await expect(field(page, 'New password')).toBeFocused();
});
