// What happened, everything to take along, and the end of an account.
import { readFile } from 'node:fs/promises';
import { button, expect, field, join, newAccount, open, signIn, test } from './support';

test('the activity tells what happened, newest first', async ({ page }) => {
  await join(page, newAccount());
  await open(page, '/account/activity');
  const list = page.getByRole('list', { name: 'What happened' });
  await expect(list.getByRole('listitem').first()).toBeVisible();
  await expect(list).toContainText('Confirmed the e-mail address');
  // Words, not the names that programs use.
  expect(await list.textContent()).not.toMatch(/[a-z]_[a-z]/);
});

test('the data comes as a file without secrets', async ({ page }) => {
  const account = newAccount();
  await join(page, account);
  await open(page, '/account/data');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    button(page, 'Download').click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^mainstay-data-\d{4}-\d\d-\d\d\.json$/);
  const file = await readFile(await download.path(), 'utf8');
  expect(() => JSON.parse(file) as unknown).not.toThrow();
  expect(file).toContain(account.email);
  expect(file).not.toMatch(/argon2|\$2[aby]\$|"password/i);
});

test('an account is deleted by whoever types its name', async ({ page }) => {
  const account = newAccount();
  await join(page, account);
  await open(page, '/account/data');
  await button(page, 'Delete the account').click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete your account?' });
  const name = dialog.getByLabel(/Type your username/);
  await name.fill('somebody_else');
  await page.keyboard.press('Enter');
  await expect(name).toHaveAccessibleDescription('That is not your username.');
  await expect(name).toBeFocused();
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await expect(dialog).toHaveCount(0);

  await button(page, 'Delete the account').click();
  await expect(name).toHaveValue('');
  await name.fill(account.username);
  await dialog.getByRole('button', { name: 'Delete the account' }).click();
  await expect(page.getByRole('heading', { name: 'Your account is deleted' })).toBeFocused();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();

  await open(page, '/sign-in');
  await signIn(page, account);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(field(page, 'Password')).toBeVisible();
});
