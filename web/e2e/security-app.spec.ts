// The authenticator app: setting it up, keeping the backup codes, removing it.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { App } from './authenticators';
import { calm, examine, expectToFit } from './security-examine';
import {
  button,
  expect,
  expectToBeIn,
  expectToBeTold,
  field,
  join,
  newAccount,
  open,
  signIn,
  test,
} from './support';

test.setTimeout(90_000);
test.use(calm);

const codes = (page: Page) =>
  page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem').allTextContents();

/** Up to the backup codes. */
async function setUpApp(page: Page): Promise<App> {
  await open(page, '/account/security');
  await button(page, 'Set up the app').click();
  await expect(page.getByAltText('QR code for the authenticator app')).toBeVisible();
  const secret = await page.locator('code').first().textContent();
  const app = new App(secret ?? '');
  await field(page, 'Code from the app').fill(await app.code());
  await button(page, 'Turn it on').click();
  await expect(page.getByRole('heading', { name: 'Keep your backup codes' })).toBeFocused();
  return app;
}

async function keepCodes(page: Page): Promise<void> {
  await field(page, 'I have kept them in a safe place').check();
  await button(page, 'Done').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Security' })).toBeVisible();
}

test('set up, keep the codes, sign in with one', async ({ page, context }) => {
  const account = newAccount();
  await join(page, account);
  await setUpApp(page);

  const shown = await codes(page);
  expect(new Set(shown).size).toBe(10);
  await examine(page, 'backup-codes');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    button(page, 'Download').click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^mainstay-backup-codes-\d{4}-\d\d-\d\d\.txt$/);
  const file = await readFile(await download.path(), 'utf8');
  for (const code of shown) expect(file).toContain(code);
  expect(file).toContain(account.email);

  await keepCodes(page);
  await expect(page.getByText('10 codes are left.')).toBeVisible();
  for (const code of shown) await expect(page.getByText(code)).toHaveCount(0);

  await context.clearCookies();
  await open(page, '/sign-in');
  await signIn(page, account);
  await button(page, 'Use a backup code').click();
  await field(page, 'Backup code').fill(shown[0] ?? '');
  await button(page, 'Sign in').click();
  await expectToBeIn(page, account);
  await open(page, '/account/security');
  await expect(page.getByText('9 codes are left.')).toBeVisible();
});

test('a wrong code sets nothing up', async ({ page }) => {
  await join(page, newAccount());
  await open(page, '/account/security');
  await button(page, 'Set up the app').click();
  await expect(page.getByText('Scan this picture')).toBeFocused();
  await field(page, 'Code from the app').fill('000000');
  await button(page, 'Turn it on').click();
  await expect(field(page, 'Code from the app')).toHaveAccessibleDescription(/wrong/);
  await expect(field(page, 'Code from the app')).toBeFocused();
  await examine(page, 'app-enrolment');
  await page.setViewportSize({ width: 360, height: 640 });
  await expectToFit(page);
  await button(page, 'Cancel').click();
  await expect(button(page, 'Set up the app')).toBeFocused();
});

test('leaving without the codes takes a second word', async ({ page }) => {
  await join(page, newAccount());
  await setUpApp(page);
  await page.setViewportSize({ width: 360, height: 640 });
  const list = page.getByRole('list', { name: 'Backup codes' });
  expect(await list.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  await page.screenshot({ path: 'test-results/pages/backup-codes-360.png', fullPage: true });
  await page.setViewportSize({ width: 1180, height: 820 });

  await button(page, 'Done').click();
  const kept = field(page, 'I have kept them in a safe place');
  await expect(kept).toBeFocused();
  await expect(kept).toHaveAccessibleDescription(/then tick this box/);

  await page.getByRole('link', { name: 'Sessions', exact: true }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Leave without the codes?' });
  await expect(dialog).toBeVisible();
  await examine(page, 'backup-codes-leave');
  await button(page, 'Stay here').click();
  await expect(dialog).toHaveCount(0);
  expect(await codes(page)).toHaveLength(10);

  await page.getByRole('link', { name: 'Sessions', exact: true }).click();
  await button(page, 'Leave anyway').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible();
});

test('new codes take the place of the old ones; without the app there are none', async ({
  page,
}) => {
  await join(page, newAccount());
  await setUpApp(page);
  const old = await codes(page);
  await keepCodes(page);

  await button(page, 'Make new codes').click();
  const renewal = page.getByRole('alertdialog');
  await renewal.getByRole('button', { name: 'Make new codes' }).click();
  await expect(page.getByRole('heading', { name: 'Keep your backup codes' })).toBeVisible();
  expect((await codes(page)).filter((code) => old.includes(code))).toEqual([]);
  await keepCodes(page);

  await button(page, 'Remove the app').click();
  const removal = page.getByRole('alertdialog');
  await expect(removal).toContainText('your password alone opens the account');
  await removal.getByRole('button', { name: 'Remove the app' }).click();
  await expectToBeTold(page, 'The authenticator app is removed.');
  await expect(button(page, 'Set up the app')).toBeVisible();
  await expect(page.getByText(/You get backup codes when/)).toBeVisible();
});
