// axe finds nothing on any page, in either theme. Leaves a picture of each in test-results/pages/.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expectBanner, pretendMaintenance, refuseChanges } from './pretended';
import { expect, open, publicPages, test } from './support';

async function examine(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/pages/${name}.png`, fullPage: true });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map((node) => node.target),
    })),
  ).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    for (const { name, path } of publicPages) {
      test(name, async ({ page }) => {
        await open(page, path);
        await examine(page, `${name}-${colorScheme}`);
      });
    }

    test('a form full of mistakes', async ({ page }) => {
      await open(page, '/sign-up');
      await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();
      await expect(page.getByText('Choose a username.')).toBeVisible();
      await examine(page, `sign-up-mistakes-${colorScheme}`);
    });

    for (const { name, path } of publicPages.slice(0, 3)) {
      test(`${name}, while changes wait`, async ({ page }) => {
        await pretendMaintenance(page);
        await open(page, path);
        await expectBanner(page);
        await examine(page, `maintenance-${name}-${colorScheme}`);
      });
    }

    test('a form that is refused while changes wait', async ({ page }) => {
      await pretendMaintenance(page);
      await refuseChanges(page, '**/api/auth/forgot-password');
      await open(page, '/forgot-password');
      await page.getByLabel('E-mail').fill('ada@example.org');
      await page.getByRole('main').getByRole('button').click();
      await expect(page.getByText('Changes wait for now')).toBeVisible();
      await examine(page, `maintenance-refused-${colorScheme}`);
    });

    test('the theme list, open', async ({ page }) => {
      await open(page, '/');
      await page.getByRole('combobox', { name: 'Theme' }).click();
      await examine(page, `theme-list-${colorScheme}`);
    });

    test('account and an open message', async ({ signedIn: page, resident }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open(page, '/account');
      await examine(page, `account-${colorScheme}`);
      await open(page, '/dev/mail');
      await page.getByRole('link', { name: resident.account.email }).first().click();
      await expect(page.getByRole('article')).toBeVisible();
      await examine(page, `message-${colorScheme}`);
    });
  });
}

test('a new page moves focus to its heading', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('main').getByRole('link', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Create your account' })).toBeFocused();
  await expect(page).toHaveTitle('Create your account · Mainstay');
});
