// Where an account is signed in, and how that ends.
import type { Browser, Page } from '@playwright/test';
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
  type Account,
} from './support';

// Several browsers at work take a while.
test.setTimeout(90_000);

const list = (page: Page) => page.getByRole('list', { name: 'Where you are signed in' });

async function signInElsewhere(browser: Browser, baseURL: string, account: Account) {
  const page = await (await browser.newContext({ baseURL })).newPage();
  await open(page, '/sign-in');
  await signIn(page, account);
  await expectToBeIn(page, account);
  return page;
}

test('the list marks this browser and tells when, from where and how', async ({ page }) => {
  await join(page, newAccount());
  await open(page, '/account/sessions');
  await expect(list(page).getByRole('listitem')).toHaveCount(1);
  const current = list(page).getByRole('listitem').first();
  await expect(current).toContainText('this browser');
  await expect(current).toContainText('Last seen now');
  await expect(current.locator('time').first()).toHaveAttribute('title', /\d{4}/);
  await expect(current.getByRole('button')).toHaveCount(0);
  await expect(page.getByText('signed in here and nowhere else')).toBeVisible();
});

test('one session is ended, then all others', async ({ page, browser, baseURL }) => {
  const account = newAccount();
  await join(page, account);
  const pages = [];
  for (let count = 0; count < 3; count += 1) {
    pages.push(await signInElsewhere(browser, baseURL ?? '', account));
  }

  await open(page, '/account/sessions');
  const items = list(page).getByRole('listitem');
  await expect(items).toHaveCount(4);
  await items.nth(1).getByRole('button').click();
  await expectToBeTold(page, 'The session was ended.');
  await expect(items).toHaveCount(3);

  await button(page, 'End all others').click();
  const dialog = page.getByRole('alertdialog', { name: 'End all other sessions?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(button(page, 'End all others')).toBeFocused();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'End all others' }).click();
  await expectToBeTold(page, '2 other sessions were ended.');
  await expect(items).toHaveCount(1);

  for (const elsewhere of pages) {
    await open(elsewhere, '/account');
    await expect(elsewhere).toHaveURL(/\/sign-in/);
    await elsewhere.context().close();
  }
  await open(page, '/account');
  await expectToBeIn(page, account);
});

test('a page whose session was ended elsewhere asks to sign in when something is changed', async ({
  page,
  browser,
  baseURL,
}) => {
  const account = newAccount();
  await join(page, account);
  const elsewhere = await signInElsewhere(browser, baseURL ?? '', account);
  await open(elsewhere, '/account/tokens');
  await button(elsewhere, 'Create a token').click();
  await field(elsewhere, 'Name').fill('too late');

  await open(page, '/account/sessions');
  await list(page).getByRole('listitem').nth(1).getByRole('button').click();
  await expectToBeTold(page, 'The session was ended.');

  await button(elsewhere, 'Create the token').click();
  await expect(elsewhere).toHaveURL(/\/sign-in\?next=%2Faccount%2Ftokens$/);
  await expect(field(elsewhere, 'E-mail')).toBeVisible();
  await elsewhere.context().close();
});
