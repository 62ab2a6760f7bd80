// API tokens: made, shown once, used, revoked.
import { button, expect, expectToBeTold, field, join, newAccount, open, test } from './support';

test('a token works until it is revoked, and is shown once', async ({
  page,
  playwright,
  baseURL,
}) => {
  const account = newAccount();
  await join(page, account);
  await open(page, '/account/tokens');
  await expect(page.getByRole('heading', { name: 'No tokens yet' })).toBeVisible();

  await button(page, 'Create a token').click();
  await expect(field(page, 'Name')).toBeFocused();
  await button(page, 'Cancel').click();
  await expect(button(page, 'Create a token')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field(page, 'Administer')).toHaveCount(0);
  await field(page, 'Name').fill('Nightly script');
  await field(page, 'Works for').selectOption('30 days');
  await button(page, 'Create the token').click();
  await expectToBeTold(page, 'Copy your token now');
  const token = (await page.locator('code').first().textContent()) ?? '';
  expect(token).toMatch(/^mst_/);

  const program = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  const headers = { authorization: `Bearer ${token}` };
  const me = await program.get('/api/auth/me', { headers });
  expect(await me.json()).toMatchObject({ username: account.username, session: null });

  for (const way of [
    page.getByRole('link', { name: 'Sessions', exact: true }),
    button(page, 'Sign out'),
  ]) {
    await way.click();
    const question = page.getByRole('alertdialog', { name: 'Leave without the token?' });
    await expect(question).toBeVisible();
    await button(page, 'Stay here').click();
    await expect(question).toHaveCount(0);
    await expect(page.getByText(token)).toBeVisible();
  }

  await button(page, 'I have copied it').click();
  await expect(page.getByText(token)).toHaveCount(0);
  await expect(button(page, 'Create a token')).toBeFocused();
  await page.reload();
  const tokens = page.getByRole('list', { name: 'Your tokens' });
  await expect(tokens).toContainText('Nightly script');
  await expect(tokens).toContainText('Read');
  await expect(page.getByText(token)).toHaveCount(0);

  await button(page, 'Revoke “Nightly script”').click();
  const dialog = page.getByRole('alertdialog', { name: 'Revoke “Nightly script”?' });
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expectToBeTold(page, 'The token is revoked.');
  await expect(page.getByRole('heading', { name: 'No tokens yet' })).toBeVisible();
  expect((await program.get('/api/auth/me', { headers })).status()).toBe(401);
  await program.dispose();
});
