// Important changes ask once more who is there, then go on as if nothing had happened.
import AxeBuilder from '@axe-core/playwright';
import { enrolApp } from './authenticators';
import { beginChange, expectChangeBegun } from './proof';
import { expect, join, newAccount, test } from './support';

test.setTimeout(90_000);

const nextAddress = () => newAccount().email;

test('the password is enough for an account without a second factor', async ({ page }) => {
  // Not the resident: a proof renews the session, and with it the cookies that other specs start from.
  const account = newAccount();
  await join(page, account);
  const dialog = await beginChange(page, nextAddress());
  const password = dialog.getByLabel('Password', { exact: true });
  await expect(password).toBeFocused();
  await expect(dialog.getByLabel('Code', { exact: true })).toHaveCount(0);
  await password.fill('not this one');
  await page.keyboard.press('Enter');
  await expect(password).toHaveAccessibleDescription('This password is not right.');

  await password.fill(account.password);
  await page.keyboard.press('Enter');
  await expectChangeBegun(page);
});

test('an account with a second factor is asked for both', async ({ page }) => {
  const account = newAccount();
  await join(page, account);
  const { app } = await enrolApp(page);

  const dialog = await beginChange(page, nextAddress());
  await dialog.getByLabel('Password', { exact: true }).fill(account.password);
  await dialog.getByRole('button', { name: 'Confirm', exact: true }).click();
  const code = dialog.getByLabel('Code', { exact: true });
  await expect(code).toHaveAccessibleDescription('Enter the code.');
  await code.fill(await app.code());
  await page.keyboard.press('Enter');
  await expectChangeBegun(page);
});

test('who closes the dialog finds everything as it was', async ({ signedIn: page }) => {
  const address = nextAddress();
  const dialog = await beginChange(page, address);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByLabel('New e-mail address', { exact: true })).toHaveValue(address);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText('Check the new mailbox')).toHaveCount(0);
});

test('focus stays in the dialog', async ({ signedIn: page }) => {
  const dialog = await beginChange(page, nextAddress());
  for (let presses = 0; presses < 10; presses += 1) {
    await page.keyboard.press('Tab');
    // At either end a guard beside the dialog has the focus for a moment, and hands it back.
    await expect
      .poll(() => dialog.evaluate((element) => element.contains(document.activeElement)))
      .toBe(true);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the dialog is accessible and fits a small screen, ${colorScheme}`, async ({
    signedIn: page,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 360, height: 640 });
    const dialog = await beginChange(page, nextAddress());
    await page.screenshot({ path: `test-results/pages/step-up-360-${colorScheme}.png` });
    const box = await dialog.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
  });
}
