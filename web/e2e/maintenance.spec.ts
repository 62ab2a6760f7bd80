// Maintenance, as those meet it who begin it and those who have something to save. It is felt by whoever uses the
// server: the specs of a run share one and take turns, so each test here leaves it open again, however it ended.
import type { Page } from '@playwright/test';
import { administrator, setupLink, signInAsAdministrator } from './administrator';
import { calm, settled } from './security-examine';
import { button, expect, expectToBeTold, field, newAccount, open, signIn, test } from './support';

// Several browsers at work take a while.
test.setTimeout(90_000);
test.skip(setupLink === '', 'MAINSTAY_SETUP_LINK is not set');
test.use(calm);

const banner = (page: Page) => page.getByRole('region', { name: 'Maintenance' });
const message = (page: Page) => page.getByLabel('Message (may stay empty)');
const main = (page: Page) => page.getByRole('main');

async function begin(page: Page): Promise<void> {
  await button(page, 'Begin maintenance').click();
  const dialog = page.getByRole('alertdialog', { name: 'Begin maintenance?' });
  await expect(dialog).toContainText('nobody can change anything');
  await dialog.getByRole('button', { name: 'Begin', exact: true }).click();
}

async function end(page: Page): Promise<void> {
  await button(page, 'End maintenance').click();
  const dialog = page.getByRole('alertdialog', { name: 'End maintenance?' });
  await dialog.getByRole('button', { name: 'End maintenance' }).click();
  await expectToBeTold(page, 'Maintenance has ended.');
}

test.beforeEach(async ({ page }) => {
  await signInAsAdministrator(page);
  await page.getByRole('link', { name: 'Administration' }).click();
  await page.getByRole('link', { name: 'Maintenance' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Maintenance' })).toBeFocused();
});

test.afterEach(async ({ page }) => {
  const status = await page.evaluate(
    async () => (await fetch('/api/maintenance', { method: 'DELETE' })).status,
  );
  expect(status).toBe(204);
});

test('changes wait, nothing is lost, and then they are made', async ({
  page,
  signedIn: theirs,
}) => {
  await open(theirs, '/account');
  await button(theirs, 'Change the address').click();
  const address = field(theirs, 'New e-mail address');
  const { email } = newAccount();
  await address.fill(email);
  await expect(banner(theirs)).toHaveCount(0);

  await message(page).fill('New disks & <em>more</em> room: back at <b>noon</b> <u>sharp</u>.');
  await page.getByRole('combobox', { name: 'Expected to end' }).selectOption('in 1 hour');
  await begin(page);
  await expectToBeTold(page, 'Maintenance has begun.');
  await expect(main(page)).toContainText('changes wait');
  await expect(banner(page)).toContainText('New disks & more room: back at noon');

  // Refused with words, beside what was typed.
  await button(theirs, 'Send the link').click();
  await expect(main(theirs).getByText('Changes wait for now')).toBeVisible();
  await expect(main(theirs)).toContainText('Nothing is lost');
  await expect(main(theirs)).toContainText('Please try again from');
  await expect(main(theirs).getByRole('alert')).toHaveCount(0);
  await expect(address).toHaveValue(email);
  // And above it, why and until when.
  await expect(banner(theirs)).toContainText('This site is being worked on.');
  await expect(banner(theirs).locator('b')).toHaveText('noon');
  await expect(banner(theirs).locator('em')).toHaveText('more');
  await expect(banner(theirs)).toContainText(/Expected to end: .*\d.* \(in (1 hour|59 minutes)\)/);

  // Reading goes on, for others and for those who come now.
  const reader = await theirs.context().newPage();
  await open(reader, '/account/activity');
  await settled(reader);
  await expect(reader.getByRole('list', { name: 'What happened' })).toBeVisible();
  await expect(banner(reader)).toBeVisible();
  await reader.close();

  await end(page);
  await expect(banner(page)).toHaveCount(0);
  await expect(main(page)).toContainText('changes are taken');
  // Within half a minute, without a reload: the form must stay as it is.
  await expect(main(theirs).getByText('You can send it now.')).toBeVisible({ timeout: 40_000 });
  await expect(banner(theirs)).toHaveCount(0);
  await expect(address).toHaveValue(email);
  await button(theirs, 'Send the link').click();
  await expect(theirs.getByText('Check the new mailbox')).toBeVisible();
});

test('people come in meanwhile, and are told on every page', async ({
  page,
  browser,
  baseURL,
  resident,
}) => {
  await page.getByRole('combobox', { name: 'Expected to end' }).selectOption('not known yet');
  await begin(page);
  await expectToBeTold(page, 'Maintenance has begun.');

  const context = await browser.newContext({ baseURL: baseURL ?? '' });
  const theirs = await context.newPage();
  await open(theirs, '/');
  await expect(banner(theirs)).toContainText('How long it takes is not known.');
  await open(theirs, '/sign-in');
  await expect(banner(theirs)).toBeVisible();
  await signIn(theirs, resident.account);
  await expect(theirs).toHaveURL(/\/account$/);
  await expect(banner(theirs)).toBeVisible();
  await context.close();
});

test('what is said can be said anew, and who did it is on record', async ({ page }) => {
  await message(page).fill('Back soon.');
  await begin(page);
  await expect(banner(page)).toContainText('Back soon.');

  await button(page, 'Change message or end').click();
  await expect(message(page)).toBeFocused();
  await expect(message(page)).toHaveValue('Back soon.');
  await message(page).fill('Back later.');
  await button(page, 'Save').click();
  await expectToBeTold(page, 'The message and the expected end are changed.');
  await expect(banner(page)).toContainText('Back later.');
  await expect(banner(page)).toContainText('Expected to end');

  await page.getByRole('link', { name: 'Who began and ended it is in the audit log' }).click();
  const entry = page.getByRole('list', { name: 'What happened' }).getByRole('listitem').first();
  await expect(entry).toContainText('Maintenance began');
  await expect(entry).toContainText(`by ${administrator.username}`);
  await entry.getByRole('button', { name: /^Details/ }).click();
  await expect(entry.getByRole('definition').filter({ hasText: 'Back later.' })).toBeVisible();
});

test('a message that is too long is refused beside its field', async ({ page }) => {
  await message(page).fill('a'.repeat(1001));
  await begin(page);
  await expect(message(page)).toHaveAccessibleDescription(/At most 1,000 characters/);
  await expect(message(page)).toBeFocused();
  await expect(banner(page)).toHaveCount(0);
  await message(page).fill('a'.repeat(1000));
  await begin(page);
  await expectToBeTold(page, 'Maintenance has begun.');
});

test('whoever thinks better of it changes nothing', async ({ page }) => {
  await message(page).fill('Not today.');
  await button(page, 'Begin maintenance').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(button(page, 'Begin maintenance')).toBeFocused();
  await expect(message(page)).toHaveValue('Not today.');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(banner(page)).toHaveCount(0);
});
