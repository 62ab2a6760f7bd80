// Passkeys: adding the first one, naming it, removing it.
import { hasName, plugInAuthenticator } from './authenticators';
import { button, expect, expectToBeTold, field, join, newAccount, open, test } from './support';

test.beforeEach(({ baseURL }) => {
  test.skip(!hasName(baseURL), 'passkeys need a host with a name');
});

test('the first passkey brings backup codes; it can be renamed and removed', async ({
  page,
  context,
}) => {
  await join(page, newAccount());
  await plugInAuthenticator(context, page);
  await open(page, '/account/security');

  await button(page, 'Add a passkey').click();
  await expect(field(page, 'Name')).toBeFocused();
  await button(page, 'Cancel').click();
  await expect(button(page, 'Add a passkey')).toBeFocused();
  await page.keyboard.press('Enter');
  await button(page, 'Continue').click();
  await expect(field(page, 'Name')).toHaveAccessibleDescription(/Give it a name/);
  await field(page, 'Name').fill('Blue key');
  await button(page, 'Continue').click();
  await expect(page.getByRole('heading', { name: 'Keep your backup codes' })).toBeVisible();
  await field(page, 'I have kept them in a safe place').check();
  await button(page, 'Done').click();
  const passkeys = page.getByRole('list', { name: 'Your passkeys' });
  await expect(passkeys).toContainText('Blue key');
  await expect(passkeys).toContainText('not used yet');

  await button(page, 'Rename “Blue key”').click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Red key');
  await page.keyboard.press('Enter');
  await expect(passkeys).toContainText('Red key');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await button(page, 'Remove “Red key”').click();
  const dialog = page.getByRole('alertdialog', { name: 'Remove “Red key”?' });
  await expect(dialog).toContainText('your password alone opens the account');
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expectToBeTold(page, 'The passkey is removed.');
  await expect(passkeys).toHaveCount(0);
});

test('a device holds one passkey for an account', async ({ page, context }) => {
  await join(page, newAccount());
  await plugInAuthenticator(context, page);
  await open(page, '/account/security');
  await button(page, 'Add a passkey').click();
  await field(page, 'Name').fill('Desk');
  await button(page, 'Continue').click();
  await field(page, 'I have kept them in a safe place').check();
  await button(page, 'Done').click();

  const told = page.getByText('The passkey “Desk” is ready.');
  await expect(told).toBeVisible();
  await button(page, 'Add a passkey').click();
  await expect(told).toHaveCount(0);
  await field(page, 'Name').fill('Desk again');
  await button(page, 'Continue').click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Your passkeys' }).getByRole('listitem')).toHaveCount(
    1,
  );
});
