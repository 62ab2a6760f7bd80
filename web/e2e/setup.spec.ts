// The first administrator. Needs the link a fresh server prints: MAINSTAY_SETUP_LINK.
import type { Page } from '@playwright/test';
import { administrator, setupLink } from './administrator';
import { button, expect, field, newAccount, open, test, type Account } from './support';

async function setUp(page: Page, account: Account): Promise<void> {
  const { pathname, hash } = new URL(setupLink);
  await open(page, pathname + hash);
  expect(page.url()).not.toContain('token');
  await field(page, 'E-mail').fill(account.email);
  await field(page, 'Username').fill(account.username);
  await field(page, 'Password').fill(account.password);
  await button(page, 'Create administrator').click();
}

test.describe('setting up', () => {
  test.skip(setupLink === '', 'MAINSTAY_SETUP_LINK is not set');

  test('the link creates an administrator, once', async ({ page, context }) => {
    await setUp(page, administrator);
    await expect(page).toHaveURL(/\/account$/);
    await expect(page.getByRole('main')).toContainText('Administrator');

    await context.clearCookies();
    await setUp(page, newAccount());
    await expect(
      page.getByRole('heading', { name: 'This server is already set up' }),
    ).toBeVisible();
  });
});
