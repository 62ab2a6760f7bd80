// The whole way in and out again, as a person goes it.
import {
  confirm,
  expect,
  followLink,
  newAccount,
  open,
  button,
  signIn,
  signUp,
  test,
} from './support';

test('sign up, confirm, sign in, look around, sign out', async ({ page, context }) => {
  const account = newAccount();

  await signUp(page, account);
  await page.getByRole('link', { name: 'Open the mailbox' }).click();
  await followLink(page, account);
  expect(page.url()).not.toContain('token');
  await confirm(page);
  await expect(page.getByText(account.email)).toBeVisible();

  await open(page, '/account');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount$/);
  await signIn(page, account);
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(account.username);
  await expect(page.getByRole('main')).toContainText(account.email);
  await expect(page.getByRole('main')).toContainText('Member');

  const cookies = await context.cookies();
  const session = cookies.find(({ name }) => name.startsWith('__Host-'));
  expect(session).toMatchObject({ httpOnly: true, secure: true, path: '/' });
  expect(['Lax', 'Strict']).toContain(session?.sameSite);
  expect(cookies.filter(({ httpOnly, secure }) => !httpOnly || !secure)).toEqual([]);
  const isStored = await page.evaluate(
    (value) => (JSON.stringify(localStorage) + JSON.stringify(sessionStorage)).includes(value),
    session?.value ?? '',
  );
  expect(isStored).toBe(false);

  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await expect(button(page, 'Sign out')).toHaveCount(0);

  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await open(page, '/account');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount$/);

  const stored = await page.evaluate(() => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
  ]);
  expect(stored.filter((key) => !['mainstay.theme', 'mainstay.language'].includes(key))).toEqual(
    [],
  );
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
