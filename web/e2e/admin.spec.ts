// What administrators see and do, and what others do not.
import type { Page } from '@playwright/test';
import { administrator, setupLink, signInAsAdministrator } from './administrator';
import { examine, expectToFit, settled } from './security-examine';
import {
  button,
  expect,
  expectToBeIn,
  expectToBeTold,
  followLink,
  join,
  newAccount,
  open,
  signIn,
  test,
  type Account,
} from './support';

// Several browsers at work take a while.
test.setTimeout(90_000);

async function openPerson(page: Page, { username }: Account): Promise<void> {
  await open(page, '/admin/users');
  await page.getByRole('searchbox').fill(username);
  await expect(page).toHaveURL(new RegExp(`search=${username}`));
  await page.getByRole('link', { name: username, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: username })).toBeFocused();
}

async function act(page: Page, action: string, confirm: string): Promise<void> {
  await button(page, action).click();
  await page.getByRole('alertdialog').getByRole('button', { name: confirm, exact: true }).click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
}

test('others are told that this is not for them', async ({ signedIn: page }) => {
  await open(page, '/admin/users');
  await expect(page.getByRole('heading', { name: 'For administrators only' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Administration' })).toHaveCount(0);
});

test.describe('an administrator', () => {
  test.skip(setupLink === '', 'MAINSTAY_SETUP_LINK is not set');
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  let person: Account;

  test.beforeEach(async ({ page, browser, baseURL }) => {
    person = newAccount();
    const context = await browser.newContext({ baseURL: baseURL ?? '' });
    await join(await context.newPage(), person);
    await context.close();
    await signInAsAdministrator(page);
  });

  test('finds people, and the search is in the address', async ({ page }) => {
    await page.getByRole('link', { name: 'Administration' }).click();
    await expect(page.getByRole('heading', { name: 'People' })).toBeFocused();
    await openPerson(page, person);
    await expect(page.getByText(person.email)).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('searchbox')).toHaveValue(person.username);
    await page.getByRole('searchbox').fill('nobody-is-called-this');
    await expect(page.getByRole('heading', { name: 'Nobody found' })).toBeVisible();
  });

  test('disables an account and enables it again', async ({ page, browser, baseURL }) => {
    const theirs = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
    await open(theirs, '/sign-in');
    await signIn(theirs, person);
    await expectToBeIn(theirs, person);

    await openPerson(page, person);
    await act(page, 'Disable the account', 'Disable');
    await expectToBeTold(page, 'The account is disabled.');
    await open(theirs, '/account');
    await expect(theirs).toHaveURL(/\/sign-in/);
    await signIn(theirs, person);
    await expect(theirs.getByRole('alert')).toBeVisible();

    await act(page, 'Enable the account', 'Enable');
    await expect(page.getByText('The account is enabled.')).toBeVisible();
    await signIn(theirs, person);
    await expectToBeIn(theirs, person);
    await theirs.context().close();
  });

  test('starts a reset, and cannot choose the password', async ({ page, browser, baseURL }) => {
    await openPerson(page, person);
    await expect(page.locator('input[type="password"]')).toHaveCount(0);
    await act(page, 'Start a password reset', 'Send the link');
    await expect(page.getByText(`on its way to ${person.email}`)).toBeVisible();
    const theirs = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
    await followLink(theirs, person, 'reset');
    await theirs.context().close();
  });

  test('changes a role', async ({ page }) => {
    await openPerson(page, person);
    await page.getByLabel('Role', { exact: true }).selectOption('Instructor');
    await act(page, 'Change the role', 'Change the role');
    await expectToBeTold(page, 'The role is changed.');
    await expect(page.getByRole('list', { name: 'What happened' })).toContainText(
      'The role was changed',
    );
  });

  test('thinks twice before signing out everybody', async ({ page }) => {
    await open(page, '/admin/users');
    await button(page, 'End all sessions').click();
    const dialog = page.getByRole('alertdialog', { name: 'End everybody’s sessions?' });
    await expect(dialog).toContainText('signed out at once');
    // Going on would sign out whoever the other specs are.
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(button(page, 'End all sessions')).toBeFocused();
  });

  test('the only one stays one', async ({ page }) => {
    await openPerson(page, administrator);
    await page.getByLabel('Role', { exact: true }).selectOption('Member');
    await button(page, 'Change the role').click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Change the role' }).click();
    await expect(dialog.getByRole('alert')).toContainText('the only administrator');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the pages are accessible and fit a small phone, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open(page, '/admin/users');
      await settled(page);
      await examine(page, `admin-users-${colorScheme}`);
      await page.setViewportSize({ width: 360, height: 640 });
      await expectToFit(page);
      await examine(page, `admin-users-360-${colorScheme}`);
      await openPerson(page, person);
      await settled(page);
      await expectToFit(page);
      await examine(page, `admin-user-360-${colorScheme}`);
      await page.setViewportSize({ width: 1180, height: 820 });
      await examine(page, `admin-user-${colorScheme}`);
      await button(page, 'Disable the account').click();
      await expect(page.getByRole('alertdialog')).toBeVisible();
      await examine(page, `admin-disable-${colorScheme}`);
    });
  }
});
