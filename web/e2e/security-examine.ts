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
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(excess).toBe(0);
}
