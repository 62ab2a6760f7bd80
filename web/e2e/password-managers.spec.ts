// Passwords may be pasted, and password managers find every field they know.
import { expect, field, open, test } from './support';

// ASVS 6.2.7
test('a password is pasted whole, and managers know which is which', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const password = ' a long pässwörd out of a manager, with spaces ';
  for (const [path, purpose, address] of [
    ['/sign-in', 'current-password', 'username'],
    ['/sign-up', 'new-password', 'username'],
  ] as const) {
    await open(page, path);
    await expect(field(page, 'E-mail')).toHaveAttribute('autocomplete', new RegExp(address));
    const input = field(page, 'Password');
    await expect(input).toHaveAttribute('autocomplete', purpose);
    await expect(input).toHaveAttribute('type', 'password');
    await page.evaluate((text) => navigator.clipboard.writeText(text), password);
    await input.focus();
    await page.keyboard.press('ControlOrMeta+V');
    await expect(input).toHaveValue(password);
  }
});
