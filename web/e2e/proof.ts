// A change that asks for a recent proof. The server wants one ten minutes after a sign-in; so that the
// specs need not wait, the first request is answered in its place. All that follows is the server's.
import type { Locator, Page } from '@playwright/test';
import { button, expect, field, open } from './support';

const CHANGE = '**/api/auth/email';

/** Begins the change, up to the question of who is asking. Resolves with the dialog. */
export async function beginChange(page: Page, newEmail: string): Promise<Locator> {
  await page.route(
    CHANGE,
    (route) =>
      route.fulfill({
        status: 403,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          type: 'about:blank',
          title: 'Forbidden',
          status: 403,
          code: 'reauthentication_required',
          detail: 'Confirm that it is you.',
        }),
      }),
    { times: 1 },
  );
  await open(page, '/account');
  await button(page, 'Change the address').click();
  await field(page, 'New e-mail address').fill(newEmail);
  await button(page, 'Send the link').click();
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await expect(dialog).toBeVisible();
  return dialog;
}

export async function expectChangeBegun(page: Page): Promise<void> {
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByText('Check the new mailbox')).toBeVisible();
}
