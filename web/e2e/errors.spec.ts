// When things go wrong, the page says what happened and what to do.
import {
  button,
  confirm,
  expect,
  field,
  followLink,
  newAccount,
  open,
  signIn,
  signUp,
  test,
} from './support';

test('a wrong password is refused, and a new confirmation offered', async ({ page, resident }) => {
  await open(page, '/sign-in');
  await signIn(page, { ...resident.account, password: 'not this one' });
  await expect(page.getByRole('alert')).toContainText('The e-mail or the password is wrong');

  await button(page, 'Send the confirmation again').click();
  await expect(page.getByText('a new message is on its way')).toBeVisible();

  await button(page, 'Send the confirmation again').click();
  await expect(page.getByText('asked for a moment ago')).toContainText('The next one can go in');
  await expect(button(page, 'Send the confirmation again')).toHaveAttribute(
    'aria-disabled',
    'true',
  );
});

test('a taken username is said next to the field', async ({ page, resident }) => {
  await open(page, '/sign-up');
  await field(page, 'E-mail').fill(newAccount().email);
  await field(page, 'Username').fill(resident.account.username);
  await field(page, 'Password').fill(resident.account.password);
  await button(page, 'Create account').click();
  await expect(field(page, 'Username')).toHaveAccessibleDescription('This username is taken.');
  await expect(field(page, 'Username')).toBeFocused();
});

test('a confirmation link works once', async ({ page }) => {
  const account = newAccount();
  await signUp(page, account);
  await followLink(page, account);
  await confirm(page, account);

  await followLink(page, account);
  await field(page, 'Password').fill(account.password);
  await button(page, 'Confirm this address').click();
  await expect(page.getByRole('heading', { name: 'This link was already used' })).toBeVisible();
});

test('a confirmation link is worth nothing without the password', async ({ page }) => {
  const account = newAccount();
  await signUp(page, account);
  await followLink(page, account);
  await field(page, 'Password').fill('not this one');
  await button(page, 'Confirm this address').click();
  await expect(field(page, 'Password')).toHaveAccessibleDescription('This password is not right.');
  await expect(field(page, 'Password')).toBeFocused();

  await confirm(page, account);
});

test('a password that is easy to guess is refused, and the page says why', async ({ page }) => {
  const account = newAccount();
  await open(page, '/sign-up');
  await field(page, 'E-mail').fill(account.email);
  await field(page, 'Username').fill(account.username);
  await field(page, 'Password').fill('password123');
  await expect(field(page, 'Password')).toHaveAccessibleDescription(/asy to guess/);
  await button(page, 'Create account').click();
  await expect(field(page, 'Password')).toHaveAccessibleDescription(/among the first|too easy/);
  await expect(field(page, 'Password')).toBeFocused();
});

test('a made-up confirmation link is refused', async ({ page }) => {
  await open(page, '/verify-email#token=made-up');
  await field(page, 'Password').fill('of no importance');
  await button(page, 'Confirm this address').click();
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
});

test('an unknown page says so', async ({ page }) => {
  await open(page, '/no/such/page');
  await expect(page.getByRole('heading', { name: 'Nothing is moored here' })).toBeVisible();
  await page.getByRole('link', { name: 'Back to the start' }).click();
  await expect(page).toHaveURL(/\/$/);
});

test('without a connection nothing that was typed is lost', async ({ page, context, resident }) => {
  await open(page, '/sign-in');
  await context.setOffline(true);
  await signIn(page, resident.account);
  await expect(page.getByRole('alert')).toContainText('The server cannot be reached');
  await expect(field(page, 'E-mail')).toHaveValue(resident.account.email);

  await context.setOffline(false);
  await button(page, 'Sign in').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(resident.account.username);
});

// ASVS 3.7.2
test('a link elsewhere is not followed after signing in', async ({ page, resident }) => {
  await open(page, '/sign-in?next=%2F%2Fevil.example%2F');
  await signIn(page, resident.account);
  await expect(page).toHaveURL(/\/account$/);
});
