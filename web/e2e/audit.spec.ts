// The audit log and what browsers blocked, as administrators read them.
import type { Browser, Page } from '@playwright/test';
import { administrator, setupLink, signInAsAdministrator } from './administrator';
import { calm, settled } from './security-examine';
import {
  button,
  expect,
  expectToBeTold,
  fromSomewhere,
  join,
  newAccount,
  open,
  signIn,
  test,
  type Account,
} from './support';

// Several browsers at work take a while.
test.setTimeout(90_000);
test.skip(setupLink === '', 'MAINSTAY_SETUP_LINK is not set');
test.use(calm);

const entries = (page: Page) =>
  page.getByRole('list', { name: 'What happened' }).getByRole('listitem');
const person = (page: Page) => page.getByRole('combobox', { name: 'Person' });
const action = (page: Page) => page.getByRole('combobox', { name: 'What happened' });
const outcome = (page: Page) => page.getByRole('combobox', { name: 'How it ended' });
const when = (page: Page) => page.getByRole('combobox', { name: 'When' });

async function inAnotherBrowser(
  browser: Browser,
  baseURL: string | undefined,
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ baseURL: baseURL ?? '', ...fromSomewhere() });
  await act(await context.newPage());
  await context.close();
}

/** Signs up, mistypes the password once, and looks where only administrators may. */
async function leaveTraces(page: Page, account: Account): Promise<void> {
  await join(page, account);
  await ask(page, [['GET', '/api/admin/users']]);
  await page.context().clearCookies();
  await open(page, '/sign-in');
  await signIn(page, { ...account, password: 'not that one, but another' });
  await expect(page.getByRole('alert')).toBeVisible();
}

/** From within the page, as its own script would. */
async function ask(page: Page, requests: [method: string, path: string][]): Promise<void> {
  const statuses = await page.evaluate(
    (all) => Promise.all(all.map(async ([method, path]) => (await fetch(path, { method })).status)),
    requests,
  );
  expect(statuses).toEqual(requests.map(() => 403));
}

async function choosePerson(page: Page, { username, email }: Account): Promise<void> {
  await person(page).fill(username);
  await expect(page.getByRole('option', { name: `${username} ${email}` })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/person=/);
  // Focus is where the choice can be undone.
  await expect(button(page, `Show everybody again, not only ${username}`)).toBeFocused();
}

test.describe('the audit log', () => {
  const account = newAccount();

  test.beforeAll(async ({ browser }, { project }) => {
    const { baseURL } = project.use;
    await inAnotherBrowser(browser, baseURL, (page) => leaveTraces(page, account));
  });

  test.beforeEach(async ({ page }) => {
    await signInAsAdministrator(page);
  });

  test('tells in words what somebody did', async ({ page }) => {
    await open(page, `/admin/users?search=${account.username}`);
    await page.getByRole('link', { name: account.username, exact: true }).click();
    await page.getByRole('link', { name: 'Open in the audit log' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeFocused();
    await expect(
      page.getByRole('search').getByRole('link', { name: account.username }),
    ).toBeVisible();

    await expect(entries(page).filter({ hasText: 'Created the account' })).toContainText(
      `by ${account.username}`,
    );
    const wrong = entries(page).filter({ hasText: 'A sign-in was refused' });
    await expect(wrong).toContainText('by somebody who was not signed in');
    await expect(wrong).toContainText(`account of ${account.username}`);
    await expect(wrong).toContainText(/Chrome on Linux/);
    await expect(wrong).toContainText(/from 10\./);

    const refused = entries(page).filter({ hasText: 'Tried something that is not permitted' });
    await expect(refused).toContainText(`by ${account.username}`);
    const details = refused.getByRole('button', { name: /^Details: Tried/ });
    await details.focus();
    await page.keyboard.press('Enter');
    await expect(details).toHaveAttribute('aria-expanded', 'true');
    await expect(refused.getByRole('definition')).toContainText([
      /\d{2}:\d{2}:\d{2}/,
      'GET /api/admin/users',
      'does not permit it',
      'access_refuse',
      /^[\da-f-]{36}$/,
    ]);
    // No code where words should be.
    expect(await entries(page).first().getByRole('paragraph').allTextContents()).not.toContain('_');
  });

  test('is narrowed down by person, action, outcome and time', async ({ page }) => {
    await open(page, '/admin/audit');
    await choosePerson(page, account);
    await action(page).selectOption('Sign-in');
    await expect(page).toHaveURL(/action=sign_in/);
    await outcome(page).selectOption('It was refused or failed');
    await when(page).selectOption('Last 24 hours');
    await expect(entries(page)).toHaveCount(1);
    await expect(entries(page)).toContainText('A sign-in was refused');
    await expect(page.getByText('1 entry', { exact: true })).toBeVisible();

    // Whoever gets the link sees the same.
    await page.reload();
    await expect(entries(page)).toHaveCount(1);
    await expect(action(page)).toHaveValue('sign_in');
    await expect(outcome(page)).toHaveValue('failure');
    await expect(when(page)).toHaveValue('day');
    await expect(
      page.getByRole('search').getByRole('link', { name: account.username }),
    ).toBeVisible();

    await outcome(page).selectOption('It was done');
    await expect(entries(page)).not.toContainText(['A sign-in was refused']);
    await page.goBack();
    await expect(outcome(page)).toHaveValue('failure');
    await expect(entries(page)).toContainText(['A sign-in was refused']);
  });

  test('knows two days, and how to get back to everything', async ({ page }) => {
    await open(page, '/admin/audit');
    await when(page).selectOption('Between two days …');
    await page.getByLabel('Up to and including').fill('2001-05-03');
    await expect(page).toHaveURL(/until=2001-05-03/);
    await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
    await expect(page.getByText('0 entries', { exact: true })).toBeVisible();
    await page.getByLabel('From').fill('2001-05-04');
    await expect(page.getByText('This is before the first day')).toBeVisible();

    await button(page, 'Remove all filters').click();
    await expect(page).toHaveURL(/\/admin\/audit$/);
    await expect(page.getByRole('search')).toBeFocused();
    await expect(entries(page).first()).toBeVisible();

    await choosePerson(page, account);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/admin\/audit$/);
    await expect(person(page)).toBeFocused();
  });

  test('goes on where the first page ends', async ({ page, browser, baseURL }) => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    const theirs = `/api/admin/users/${nobody}`;
    const actions = [
      'disable',
      'enable',
      'end-sessions',
      'revoke-tokens',
      'start-reset',
      'start-recovery',
    ];
    const stranger = newAccount();
    await inAnotherBrowser(browser, baseURL, async (other) => {
      await join(other, stranger);
      // Each of these doors is one entry.
      await ask(other, [
        ...['users', 'audit', 'audit/proof', 'csp-reports'].map((path): [string, string] => [
          'GET',
          `/api/admin/${path}`,
        ]),
        ['GET', theirs],
        ['GET', `${theirs}/activity`],
        ...actions.map((one): [string, string] => ['POST', `${theirs}/${one}`]),
        ['POST', '/api/admin/end-all-sessions'],
        ['DELETE', '/api/admin/csp-reports'],
      ]);
    });
    await open(page, '/admin/audit?outcome=nonsense');
    await expect(page.getByText('20 entries, and more')).toBeVisible();
    await expect(entries(page)).toHaveCount(20);
    await button(page, 'Show more').click();
    await expect.poll(() => entries(page).count()).toBeGreaterThan(20);
    // The newest first; what happened in the same moment in any order.
    const times = await entries(page)
      .locator('time')
      .evaluateAll((all) => all.map((time) => Date.parse(time.getAttribute('datetime') ?? '')));
    const backwards = times.filter((time, index) => time > (times[index - 1] ?? Infinity) + 1000);
    expect(backwards).toEqual([]);
  });

  test('says what holds it together', async ({ page }) => {
    await open(page, '/admin/audit');
    await expect(page.getByText(/entries are chained, each to the one before/)).toBeVisible();
    await button(page, 'How to verify this').click();
    await expect(page.getByText('mainstay audit verify')).toBeVisible();
    await expect(page.getByText(/^[0-9a-f]{64}$/)).toBeVisible();
    await expect(button(page, 'Copy the key')).toBeVisible();
  });
});

test('what a browser blocked is told, and forgotten on record', async ({
  page,
  signedIn,
  resident,
}) => {
  await open(signedIn, '/account/data');
  await signedIn.evaluate(() => {
    const image = Object.assign(document.createElement('img'), {
      src: 'https://evil.example/x.png',
    });
    document.head.append(image);
  });

  await signInAsAdministrator(page);
  const reports = page.getByRole('list', { name: 'What was blocked' }).getByRole('listitem');
  const image = reports.filter({ hasText: 'An image from https://evil.example' });
  // A browser reports when it has nothing better to do.
  await expect(async () => {
    await open(page, '/admin/csp-reports');
    await settled(page);
    await expect(image).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await expect(image).toContainText('on /account/data');
  await image.getByRole('button', { name: /^Details/ }).click();
  await expect(image.getByRole('definition')).toContainText(['/account/data', 'img-src']);
  // Nothing that tells whose browser it was.
  await expect(image).not.toContainText(resident.account.username);

  await button(page, 'Forget all reports').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Forget all reports' }).click();
  await expectToBeTold(page, 'The reports are forgotten.');
  await expect(page.getByRole('heading', { name: 'Nothing was blocked' })).toBeVisible();

  await page.getByRole('link', { name: 'Audit log' }).click();
  await expect(entries(page).first()).toContainText('Forgot the reports about blocked content');
  await expect(entries(page).first()).toContainText(`by ${administrator.username}`);
});
