// The access cookie lives for minutes, the session for days: people notice nothing of it.
import type { BrowserContext } from '@playwright/test';
import { expect, expectToBeIn, field, open, signIn, test } from './support';

const REFRESH = '/api/auth/refresh';

/** Every request that was sent from now on, as `METHOD /path status`. */
function listen(context: BrowserContext): string[] {
  const answers: string[] = [];
  context.on('response', (response) => {
    const { pathname } = new URL(response.url());
    answers.push(`${response.request().method()} ${pathname} ${response.status()}`);
  });
  return answers;
}

test('an access cookie that has run out is renewed in silence', async ({
  page,
  context,
  resident: { account },
}) => {
  await open(page, '/sign-in');
  await signIn(page, account);
  await expectToBeIn(page, account);

  await context.clearCookies({ name: '__Host-auth_token' });
  const answers = listen(context);
  await open(page, '/account');
  await expectToBeIn(page, account);
  expect(answers.filter((line) => line.includes(REFRESH))).toEqual([`POST ${REFRESH} 200`]);
});

test('many tabs renew it once', async ({ page, context, resident: { account } }) => {
  await open(page, '/sign-in');
  await signIn(page, account);
  await expectToBeIn(page, account);

  const tabs = [page, await context.newPage(), await context.newPage()];
  await context.clearCookies({ name: '__Host-auth_token' });
  const answers = listen(context);
  await Promise.all(tabs.map((tab) => tab.goto('/account')));
  for (const tab of tabs) await expectToBeIn(tab, account);
  expect(answers.filter((line) => line.includes(REFRESH))).toEqual([`POST ${REFRESH} 200`]);
});

test('signing out in one tab shows in the others', async ({
  page,
  context,
  resident: { account },
}) => {
  await open(page, '/sign-in');
  await signIn(page, account);
  await expectToBeIn(page, account);
  const other = await context.newPage();
  await open(other, '/account');
  await expectToBeIn(other, account);

  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await expect(field(other, 'Password')).toBeVisible();
});

test('a visitor’s browser asks once who is there, and then remembers', async ({
  page,
  context,
}) => {
  await open(page, '/');
  await expect(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toBeVisible();
  const answers = listen(context);
  await page.reload();
  await expect(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(answers.filter((line) => line.includes('/api/auth/'))).toEqual([]);
});

for (const path of ['/sign-in', '/sign-up']) {
  test(`${path} leads whoever is signed in to their account`, async ({
    signedIn: page,
    resident,
  }) => {
    await page.goto(path);
    await expect(page).toHaveURL(/\/account$/);
    await expectToBeIn(page, resident.account);
  });
}

test('what the browser remembers never keeps anybody out', async ({ signedIn: page, resident }) => {
  await open(page, '/account');
  await page.evaluate(() => {
    localStorage.setItem('mainstay.session', 'nobody');
  });
  await page.reload();
  await expectToBeIn(page, resident.account);
});
