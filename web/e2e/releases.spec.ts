// A release that is rolled out from the page, does worse, and is taken back while somebody watches. Nothing is pretended.
import { setupLink, signInAsAdministrator } from './administrator';
import { button, expect, expectToBeTold, field, open, test } from './support';
import { program, Street } from './street';

test.skip(setupLink === '' || program === '', 'MAINSTAY_SETUP_LINK or MAINSTAY_PROGRAM is not set');
test.setTimeout(120_000);
// The second finds the gate open that the first has opened.
test.describe.configure({ mode: 'serial' });

const street = new Street();

test.afterAll(() => street.close());

test('from a page without a gate to a release that was taken back', async ({ page }) => {
  await signInAsAdministrator(page);
  await open(page, '/admin/releases');
  await expect(page.getByRole('heading', { name: 'No gate is open' })).toBeVisible();

  // The page notices by itself.
  await street.open();
  await expect(page.getByRole('heading', { name: 'Roll out Green' })).toBeVisible();
  const blue = page.getByRole('article').filter({ hasText: 'Blue' });
  await expect(blue).toContainText('100%');
  await expect(blue).toContainText('in service');

  await field(page, 'Steps, in percent of the visitors').fill('50, 100');
  await field(page, 'How long each step is held').fill('10m');
  await button(page, 'Begin the rollout').click();
  await expectToBeTold(page, 'The rollout of Green has begun.');
  const steps = page.getByRole('list', { name: 'Steps of the rollout' });
  await expect(steps.locator('[aria-current="step"]')).toContainText('50%', { timeout: 30_000 });
  await expect(page.getByText('Green serves 50% of the visitors.')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Visitors’ requests in this step' })).toBeVisible();

  await button(page, 'Pause').click();
  await expect(page.getByText('Paused by e2e_administrator.')).toBeVisible();
  await button(page, 'Resume').click();
  await expect(page.getByText('Paused by e2e_administrator.')).toBeHidden();

  // Nobody's hand takes it back.
  street.green.isBad = true;
  await expect(page.getByText('Green was taken back. Failed requests: Green had')).toBeVisible({
    timeout: 30_000,
  });
  await expect(blue).toContainText('100%');
  const history = page.getByRole('list', { name: 'Decisions and orders' });
  await expect(history.getByText('Green was taken back from 50%')).toBeVisible();
  await history.getByRole('button', { name: /^Evidence: Green was taken back/ }).click();
  await expect(history.getByRole('table').first()).toContainText('Failed requests');

  // It comes into the audit log, with what it was decided by.
  await expect(async () => {
    await open(page, '/admin/audit?action=rollout_take_back');
    await expect(page.getByText('A release was taken back').first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await page
    .getByRole('button', { name: /^Details: A release was taken back/ })
    .first()
    .click();
  await expect(page.getByText('In the gate’s words')).toBeVisible();
  await expect(page.getByText('it broke a rule')).toBeVisible();
  await open(page, '/admin/audit?action=rollout_order');
  await expect(page.getByText('Told a rollout what to do')).toHaveCount(3);
});

test('an application is closed, and let in again', async ({ page }) => {
  await signInAsAdministrator(page);
  await open(page, '/admin/releases');
  await button(page, 'Close for maintenance').click();
  await field(page, 'Message (may stay empty)').fill('New <b>disks</b>');
  await button(page, 'Close for maintenance').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close' }).click();
  await expectToBeTold(page, 'app is closed for maintenance.');
  await expect(page.getByText('People see a page that says')).toBeVisible();
  await button(page, 'Let visitors in').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Let visitors in' }).click();
  await expectToBeTold(page, 'Visitors come in again.');
  await button(page, 'Let requests wait').click();
  await page.getByRole('combobox', { name: 'For how long at the most' }).selectOption('30 seconds');
  await button(page, 'Let requests wait').click();
  await expectToBeTold(page, 'Requests to app wait.');
  await button(page, 'Let visitors in').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Let visitors in' }).click();
  await expectToBeTold(page, 'Visitors come in again.');
});
