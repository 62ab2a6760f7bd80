// On a small phone nothing scrolls sideways, in either language.
import type { Page } from '@playwright/test';
import { expectBanner, pretendMaintenance } from './pretended';
import { expect, open, publicPages, test } from './support';

async function expectToFit(page: Page): Promise<void> {
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(excess).toBe(0);
}

const viewport = { width: 360, height: 640 };

for (const locale of ['en-GB', 'de-DE']) {
  test.describe(locale, () => {
    test.use({ viewport, locale });

    for (const { name, path } of publicPages) {
      test(name, async ({ page }) => {
        await open(page, path);
        await expectToFit(page);
        await page.screenshot({
          path: `test-results/pages/${name}-360-${locale}.png`,
          fullPage: true,
        });
      });
    }

    for (const { name, path } of publicPages.slice(0, 3)) {
      test(`${name}, while changes wait`, async ({ page }) => {
        await pretendMaintenance(page);
        await open(page, path);
        await expectBanner(page);
        await expectToFit(page);
        await page.screenshot({
          path: `test-results/pages/maintenance-${name}-360-${locale}.png`,
          fullPage: true,
        });
      });
    }

    test('account and an open message', async ({ signedIn: page, resident }) => {
      await page.setViewportSize(viewport);
      await open(page, '/account');
      await expectToFit(page);
      await page.screenshot({
        path: `test-results/pages/account-360-${locale}.png`,
        fullPage: true,
      });
      await open(page, '/dev/mail');
      await page.getByRole('link', { name: resident.account.email }).first().click();
      await expect(page.getByRole('article')).toBeVisible();
      await expectToFit(page);
      await page.screenshot({
        path: `test-results/pages/message-360-${locale}.png`,
        fullPage: true,
      });
    });
  });
}
