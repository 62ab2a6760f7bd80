// How a page of the account area or the administration is looked at: axe, and a picture to keep.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './support';

export const accountPages = [
  { name: 'profile', path: '/account' },
  { name: 'security', path: '/account/security' },
  { name: 'sessions', path: '/account/sessions' },
  { name: 'tokens', path: '/account/tokens' },
  { name: 'activity', path: '/account/activity' },
  { name: 'data', path: '/account/data' },
  { name: 'account-deleted', path: '/account-deleted' },
];

export const adminPages = [
  { name: 'admin-users', path: '/admin/users' },
  { name: 'admin-audit', path: '/admin/audit' },
  { name: 'admin-audit-days', path: '/admin/audit?span=dates&from=2026-05-04&until=2026-05-03' },
  { name: 'admin-audit-nothing', path: '/admin/audit?action=no_such_thing' },
  { name: 'admin-live', path: '/admin/live' },
  { name: 'admin-csp-reports', path: '/admin/csp-reports' },
  { name: 'admin-maintenance', path: '/admin/maintenance' },
];

/** Colours are judged as they end up, not half-way there. */
export const calm = { contextOptions: { reducedMotion: 'reduce' } } as const;

export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await expect(page.getByText('Loading…')).toHaveCount(0);
}

export async function examine(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/pages/${name}.png`, fullPage: true });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map((node) => node.target),
    })),
  ).toEqual([]);
}

export async function expectToFit(page: Page): Promise<void> {
  // Asked more than once: right after another size, lengths in `vw` may still be those of the size before.
  await expect
    .poll(() =>
      page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      ),
    )
    .toBe(0);
}
