// Names and addresses as long as they may be push no page and no dialog apart, on a small phone.
import { randomUUID } from 'node:crypto';
import { expectToFit, settled } from './security-examine';
import { button, expect, field, join, newAccount, open, test, type Account } from './support';

test.setTimeout(90_000);
test.use({ viewport: { width: 360, height: 640 } });

function longAccount(): Account {
  const id = randomUUID().slice(0, 8);
  const email = `${id}${'m'.repeat(50)}@${'sub.'.repeat(40)}example.org`;
  return { ...newAccount(), email, username: `${id}_${'W'.repeat(41)}` };
}

test('wherever they appear', async ({ page }) => {
  const account = longAccount();
  // On the way there: the message, the confirmation, the heading.
  await join(page, account);
  await expectToFit(page);

  await button(page, 'Change the address').click();
  await field(page, 'New e-mail address').fill(longAccount().email);
  await button(page, 'Send the link').click();
  await expect(page.getByText('Check the new mailbox')).toBeVisible();
  await expectToFit(page);
  await page.screenshot({ path: 'test-results/pages/long-profile-360.png', fullPage: true });

  await open(page, '/account/tokens');
  const name = 'N'.repeat(100);
  await button(page, 'Create a token').click();
  await field(page, 'Name').fill(name);
  await button(page, 'Create the token').click();
  await expect(page.getByText('Copy your token now')).toBeVisible();
  await expectToFit(page);
  await button(page, 'I have copied it').click();
  await button(page, `Revoke “${name}”`).click();
  await expectDialogToFit();
  await button(page, 'Cancel').click();
  await expectToFit(page);

  await open(page, '/account/activity');
  await settled(page);
  await expectToFit(page);

  await open(page, '/account/data');
  await button(page, 'Delete the account').click();
  await expectDialogToFit();
  await page.screenshot({ path: 'test-results/pages/long-delete-360.png' });

  async function expectDialogToFit() {
    const dialog = page.getByRole('alertdialog');
    await expect(dialog).toBeVisible();
    const excess = await dialog.evaluate(
      ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
    );
    expect(excess).toBe(0);
  }
});
