// The whole way in and out again, as a person goes it.
import {
  confirm,
  expect,
  expectToBeIn,
  followLink,
  newAccount,
  open,
  button,
  signIn,
  signUp,
  test,
} from './support';

// ASVS 3.3.3, 3.3.4, 7.4.4, 14.2.1, 14.3.1, 14.3.3
test('sign up, confirm, look around, sign out, sign in', async ({ page, context }) => {
  const account = newAccount();

  await signUp(page, account);
  await page.getByRole('link', { name: 'Open the mailbox' }).click();
  await followLink(page, account);
  expect(page.url()).not.toContain('token');
  await confirm(page, account);
  await expect(page.getByText(account.email)).toBeVisible();
  await page.getByRole('link', { name: 'Go to your account' }).click();
  await expect(page).toHaveURL(/\/account$/);
  await expectToBeIn(page, account);
  await expect(page.getByRole('main')).toContainText(account.email);
  await expect(page.getByRole('main')).toContainText('Member');

  const cookies = await context.cookies();
  const ours = cookies.filter(({ name }) => name.startsWith('__Host-'));
  expect(ours.map(({ name }) => name)).toContain('__Host-auth_token');
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, path: '/' });
    expect(['Lax', 'Strict']).toContain(cookie.sameSite);
  }
  const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  expect(ours.filter(({ value }) => value !== '' && stored.includes(value))).toEqual([]);

  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await expect(button(page, 'Sign out')).toHaveCount(0);

  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await open(page, '/account');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount$/);
  await signIn(page, account);
  await expect(page).toHaveURL(/\/account$/);
  await expectToBeIn(page, account);

  const keys = await page.evaluate(() => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
  ]);
  const harmless = ['mainstay.theme', 'mainstay.language', 'mainstay.session'];
  expect(keys.filter((key) => !harmless.includes(key))).toEqual([]);
  // Only when the session was last renewed.
  expect(await page.evaluate(() => localStorage.getItem('mainstay.session'))).toMatch(/^\d+$/);
});

test('theme and language are remembered', async ({ signedIn: page }) => {
  await open(page, '/account');
  await page.getByRole('radio', { name: 'Dark' }).click();
  await page.getByRole('radio', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { name: 'Darstellung' })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('heading', { name: 'Darstellung' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
});
