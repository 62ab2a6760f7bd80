// The first administrator. Needs the link a fresh server prints: MAINSTAY_SETUP_LINK.
import type { Page } from '@playwright/test';
import { button, expect, field, newAccount, open, test } from './support';

const link = process.env.MAINSTAY_SETUP_LINK ?? '';

async function setUp(page: Page): Promise<void> {
  const account = newAccount();
  const { pathname, hash } = new URL(link);
  await open(page, pathname + hash);
  expect(page.url()).not.toContain('token');
  await field(page, 'E-mail').fill(account.email);
  await field(page, 'Username').fill(account.username);
  await field(page, 'Password').fill(account.password);
  await button(page, 'Create administrator').click();
}

test.describe('setting up', () => {
  test.skip(link === '', 'MAINSTAY_SETUP_LINK is not set');

  test('the link creates an administrator, once', async ({ page, context }) => {
    await setUp(page);
    await expect(page).toHaveURL(/\/account$/);
    await expect(page.getByRole('main')).toContainText('Administrator');

    await context.clearCookies();
    await setUp(page);
    await expect(
      page.getByRole('heading', { name: 'This server is already set up' }),
    ).toBeVisible();
  });
});
