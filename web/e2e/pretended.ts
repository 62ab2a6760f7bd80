// Maintenance in the eyes of one browser: for specs that look at pages, without touching those of others.
import type { Page } from '@playwright/test';
import { expect } from './support';

const MINUTE = 60_000;

export async function pretendMaintenance(page: Page, more: object = {}): Promise<void> {
  const body = {
    active: true,
    since: new Date(Date.now() - 5 * MINUTE).toISOString(),
    until: new Date(Date.now() + 25 * MINUTE).toISOString(),
    message:
      'New disks, back at <b>noon</b>. Ask <code>status.example.org</code> &amp; <em>us</em>.',
    ...more,
  };
  await page.route('**/api/maintenance', (route) => route.fulfill({ json: body }));
}

/** Makes the server seem to refuse a change. */
export async function refuseChanges(page: Page, path: string): Promise<void> {
  await page.route(path, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      headers: { 'retry-after': '1500' },
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Maintenance',
        status: 503,
        code: 'maintenance',
        detail: 'The site is being worked on.',
      }),
    }),
  );
}

/** Whatever language it speaks. It comes first; the administration shows the message once more. */
export async function expectBanner(page: Page): Promise<void> {
  const told = page.locator('section').filter({ hasText: 'status.example.org' });
  await expect(told.first()).toBeVisible();
}
