// Every page of the account area and of the administration is accessible in both themes, and fits a small phone.
import { setupLink, signInAsAdministrator } from './administrator';
import { expectBanner, pretendMaintenance } from './pretended';
import { accountPages, adminPages, calm, examine, expectToFit, settled } from './security-examine';
import { button, expect, open, test } from './support';

test.use(calm);

for (const colorScheme of ['light', 'dark'] as const) {
  for (const { name, path } of accountPages) {
    test(`${name} is accessible, ${colorScheme}`, async ({ signedIn: page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open(page, path);
      await settled(page);
      await examine(page, `${name}-${colorScheme}`);
    });
  }

  test(`forms and dialogs are accessible, ${colorScheme}`, async ({ signedIn: page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open(page, '/account/security');
    await button(page, 'Change the password').click();
    await button(page, 'Save the new password').click();
    await expect(page.locator('[aria-invalid="true"]').first()).toBeFocused();
    await examine(page, `password-mistakes-${colorScheme}`);

    await open(page, '/account/tokens');
    await button(page, 'Create a token').click();
    await page.getByLabel('Read', { exact: true }).uncheck();
    await button(page, 'Create the token').click();
    await expect(page.getByText('Choose at least one.')).toBeVisible();
    await examine(page, `token-mistakes-${colorScheme}`);

    await open(page, '/account/data');
    await button(page, 'Delete the account').click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await examine(page, `delete-dialog-${colorScheme}`);
  });
}

for (const locale of ['en-GB', 'de-DE']) {
  test.describe(locale, () => {
    test.use({ locale });

    for (const { name, path } of accountPages) {
      test(`${name} fits a small phone`, async ({ signedIn: page }) => {
        await page.setViewportSize({ width: 360, height: 640 });
        await open(page, path);
        await page.waitForLoadState('networkidle');
        await expectToFit(page);
        await page.screenshot({
          path: `test-results/pages/${name}-360-${locale}.png`,
          fullPage: true,
        });
      });
    }
  });
}

test.describe('the administration', () => {
  test.skip(setupLink === '', 'MAINSTAY_SETUP_LINK is not set');
  test.setTimeout(120_000);

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`is accessible, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await signInAsAdministrator(page);
      for (const { name, path } of adminPages) {
        await open(page, path);
        await settled(page);
        await examine(page, `${name}-${colorScheme}`);
      }
      await open(page, '/admin/audit');
      await button(page, 'How to verify this').click();
      await page
        .getByRole('button', { name: /^Details/ })
        .first()
        .click();
      await page.getByRole('combobox', { name: 'Person' }).click();
      await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible();
      await examine(page, `admin-audit-open-${colorScheme}`);

      await pretendMaintenance(page);
      await open(page, '/admin/maintenance');
      await expectBanner(page);
      await settled(page);
      await examine(page, `admin-maintenance-on-${colorScheme}`);
      await button(page, 'Change message or end').click();
      await examine(page, `admin-maintenance-change-${colorScheme}`);
    });
  }

  for (const language of ['English', 'Deutsch']) {
    test(`fits a small phone, ${language}`, async ({ page }) => {
      await signInAsAdministrator(page);
      await page.getByRole('radio', { name: language }).click();
      await page.setViewportSize({ width: 360, height: 640 });
      for (const { name, path } of adminPages) {
        await open(page, path);
        await settled(page);
        await expectToFit(page);
        await page.screenshot({
          path: `test-results/pages/${name}-360-${language}.png`,
          fullPage: true,
        });
      }
      await open(page, '/admin/audit');
      await settled(page);
      const folded = page.locator('button[aria-expanded="false"]');
      while ((await folded.count()) > 0) await folded.first().click();
      await expectToFit(page);

      // One word as long as a message may be.
      await pretendMaintenance(page, { message: `status.example.org/${'w'.repeat(980)}` });
      await open(page, '/admin/maintenance');
      await expectBanner(page);
      await expectToFit(page);
    });
  }

  test('is one key press apart', async ({ page }) => {
    await signInAsAdministrator(page);
    await open(page, '/admin');
    await expect(page).toHaveURL(/\/admin\/users$/);
    const nav = page.getByRole('navigation', { name: 'Administration' });
    await expect(nav.getByRole('link', { name: 'People' })).toHaveAttribute('aria-current', 'page');
    await nav.getByRole('link', { name: 'Blocked content' }).focus();
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { level: 1, name: 'Blocked content' });
    await expect(heading).toBeFocused();
    await expect(page).toHaveTitle('Blocked content · Mainstay');
  });
});

test('the pages of the account are one key press apart', async ({ signedIn: page }) => {
  await open(page, '/account');
  const nav = page.getByRole('navigation', { name: 'Your account' });
  await expect(nav.getByRole('link', { name: 'Profile' })).toHaveAttribute('aria-current', 'page');
  await nav.getByRole('link', { name: 'Security' }).focus();
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1, name: 'Security' });
  await expect(heading).toBeFocused();
  await expect(page).toHaveTitle('Security · Mainstay');
  await expect(nav.getByRole('link', { name: 'Profile' })).not.toHaveAttribute('aria-current');
});
