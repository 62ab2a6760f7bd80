// Signing in with a second factor: a code from the app, or a backup code.
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { enrolApp } from './authenticators';
import {
  button,
  expect,
  expectToBeIn,
  field,
  join,
  newAccount,
  open,
  signIn,
  test,
  type Account,
} from './support';

test.setTimeout(90_000);

/** A new account with an app, in a browser that has just been closed. */
async function guarded(page: Page, context: BrowserContext) {
  const account = newAccount();
  await join(page, account);
  const factors = await enrolApp(page);
  await context.clearCookies();
  return { account, ...factors };
}

async function firstStep(page: Page, account: Account): Promise<void> {
  await open(page, '/sign-in');
  await signIn(page, account);
  await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible();
}

test('with a code from the app, typed in two groups', async ({ page, context }) => {
  const { account, app } = await guarded(page, context);
  await open(page, '/account');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount$/);
  await signIn(page, account);

  const code = field(page, 'Code');
  await expect(code).toBeFocused();
  await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(code).toHaveAttribute('inputmode', 'numeric');
  await code.fill((await app.code()).replace(/(...)/, '$1 '));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/account$/);
  await expectToBeIn(page, account);
});

test('a wrong code is refused next to the field, and changes nothing', async ({
  page,
  context,
}) => {
  const { account, app } = await guarded(page, context);
  await firstStep(page, account);
  const right = await app.code();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  await field(page, 'Code').fill('12345');
  await page.keyboard.press('Enter');
  await expect(field(page, 'Code')).toHaveAccessibleDescription(/Six digits, please/);
  expect(sent).toEqual([]);

  const wrong = right === '123456' ? '654321' : '123456';
  await field(page, 'Code').fill(wrong);
  await button(page, 'Sign in').click();
  await expect(field(page, 'Code')).toHaveAccessibleDescription(/This code is wrong/);
  await expect(field(page, 'Code')).toBeFocused();

  await open(page, '/account');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a backup code works once', async ({ page, context }) => {
  const { account, backupCodes } = await guarded(page, context);
  const [code = ''] = backupCodes;
  await firstStep(page, account);
  await expect(page.getByText('They can start a recovery')).toBeVisible();
  await button(page, 'Use a backup code').click();
  await field(page, 'Backup code').fill('garbage');
  await page.keyboard.press('Enter');
  await expect(field(page, 'Backup code')).toHaveAccessibleDescription(/six groups of four/);
  await field(page, 'Backup code').fill(code.toLowerCase());
  await button(page, 'Sign in').click();
  await expectToBeIn(page, account);

  await context.clearCookies();
  await firstStep(page, account);
  await button(page, 'Use a backup code').click();
  await field(page, 'Backup code').fill(code);
  await button(page, 'Sign in').click();
  await expect(field(page, 'Backup code')).toHaveAccessibleDescription(/was used already/);
});

test('whoever takes too long begins again, and is told so', async ({ page, context }) => {
  const { account, app } = await guarded(page, context);
  await firstStep(page, account);
  // The cookie of a waiting sign-in lives for five minutes; nobody wants to wait for that here.
  await context.clearCookies({ name: '__Host-sign_in' });
  await field(page, 'Code').fill(await app.code());
  await button(page, 'Sign in').click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('That took a while')).toBeVisible();
  await expect(field(page, 'E-mail')).toHaveValue(account.email);
  expect(page.url()).not.toContain('example.org');
});

test('one may start again', async ({ page, context }) => {
  const { account } = await guarded(page, context);
  await firstStep(page, account);
  await button(page, 'Start again').click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page is accessible and fits a small screen, ${colorScheme}`, async ({
    page,
    context,
  }) => {
    const { account } = await guarded(page, context);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 360, height: 640 });
    await firstStep(page, account);
    await page.screenshot({ path: `test-results/pages/second-step-360-${colorScheme}.png` });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(scrollWidth).toBe(360);
  });
}
