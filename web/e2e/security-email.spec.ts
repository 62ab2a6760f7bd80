// Another address: it counts once its mailbox has shown the link.
import { button, expect, expectToBeTold, field, join, newAccount, open, test } from './support';

test('the new address counts once its link was opened', async ({ page }) => {
  const account = newAccount();
  const email = newAccount().email;
  await join(page, account);
  await button(page, 'Change the address').click();
  await expect(field(page, 'New e-mail address')).toBeFocused();
  await button(page, 'Cancel').click();
  await expect(button(page, 'Change the address')).toBeFocused();
  await page.keyboard.press('Enter');
  await field(page, 'New e-mail address').fill(email);
  await button(page, 'Send the link').click();
  await expectToBeTold(page, 'Check the new mailbox');
  await expect(page.getByRole('main').getByText(account.email, { exact: true })).toBeVisible();

  await open(page, '/dev/mail');
  await page.getByRole('link', { name: email }).first().click();
  await page.getByRole('article').getByRole('link', { name: '/confirm-email#token=' }).click();
  await page.getByRole('main').getByRole('button').first().click();
  await expect(page.getByText(email).first()).toBeVisible();

  await open(page, '/account');
  await expect(page.getByRole('main').getByText(email, { exact: true })).toBeVisible();
});
