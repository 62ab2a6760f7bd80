// Signing in with a passkey: with nothing else, as the second step, and to confirm that it is you.
import { enrolPasskey, hasName, plugInAuthenticator } from './authenticators';
import { beginChange, expectChangeBegun } from './proof';
import { button, expect, expectToBeIn, join, newAccount, open, signIn, test } from './support';

test.describe('with a passkey', () => {
  test.skip(
    ({ baseURL }) => !hasName(baseURL),
    'MAINSTAY_URL has no name, such as http://localhost:8080',
  );

  test.beforeEach(async ({ page, context }) => {
    await plugInAuthenticator(context, page);
  });

  test('one signs in without typing anything', async ({ page, context }) => {
    const account = newAccount();
    await join(page, account);
    await enrolPasskey(page);
    await context.clearCookies();

    await open(page, '/sign-in?next=%2Faccount');
    await button(page, 'Sign in with a passkey').click();
    await expect(page).toHaveURL(/\/account$/);
    await expectToBeIn(page, account);
  });

  test('one takes the second step', async ({ page, context }) => {
    const account = newAccount();
    await join(page, account);
    await enrolPasskey(page);
    await context.clearCookies();

    await open(page, '/sign-in');
    await signIn(page, account);
    await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible();
    await button(page, 'Use a passkey').click();
    await expectToBeIn(page, account);
  });

  test('one confirms who one is', async ({ page }) => {
    const account = newAccount();
    await join(page, account);
    await enrolPasskey(page);
    const dialog = await beginChange(page, newAccount().email);
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await expectChangeBegun(page);
  });

  test('a device that has none says so, and the password still works', async ({
    page,
    resident: { account },
  }) => {
    await open(page, '/sign-in');
    await button(page, 'Sign in with a passkey').click();
    await expect(page.getByText('No passkey was used')).toBeVisible();
    await signIn(page, account);
    await expectToBeIn(page, account);
  });
});
