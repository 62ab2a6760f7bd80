// How the page of releases looks in every state: axe finds nothing, in either theme, and nothing scrolls sideways on a
// phone, in either language.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { setupLink, signInAsAdministrator } from './administrator';
import { finding, pretendGate, rollout, service } from './pretended-gate';
import { expect, open, test } from './support';

test.skip(setupLink === '', 'MAINSTAY_SETUP_LINK is not set');
// Some look at ten pages.
test.setTimeout(90_000);

const over = (phase: object, more: object = {}) =>
  service({ rollout: rollout({ phase, weight: 0, ...more }) });

const states = {
  none: undefined,
  nothing: [],
  'first-time': [service({ rollout: null })],
  checking: [over({ checking: { healthy: { secs: 4, nanos: 0 }, waited: { secs: 9, nanos: 0 } } })],
  running: [service()],
  paused: [service({ rollout: rollout({ paused: { since: 'x', by: 'root' } }) })],
  blocked: [service({ rollout: rollout({ blocked: { found: finding } }) })],
  'taken-back': [over({ rolled_back: { at: 'x', reason: { found: finding } } })],
  completed: [
    over(
      { completed: { at: 'x', warm_until: '2030-11-23T12:00:00Z', is_warm: true } },
      { weight: 100 },
    ),
  ],
  several: [service({ gate: 'closed' }), service({ name: 'shop', rollout: null })],
} as const;

async function examine(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/pages/releases-${name}.png`, fullPage: true });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map((node) => node.target),
    })),
  ).toEqual([]);
}

async function shown(page: Page, services: readonly object[] | undefined): Promise<void> {
  await pretendGate(page, services as never);
  await open(page, '/admin/releases');
  await page.waitForLoadState('networkidle');
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('every state', async ({ page }) => {
      await signInAsAdministrator(page);
      for (const [name, services] of Object.entries(states)) {
        await shown(page, services);
        await examine(page, `${name}-${colorScheme}`);
      }
    });

    test('the table, evidence, a day, forms and mistakes', async ({ page }) => {
      await signInAsAdministrator(page);
      await shown(page, states['first-time']);
      await page.getByRole('button', { name: 'As a table' }).click();
      await page
        .getByRole('button', { name: /^Evidence/ })
        .first()
        .click();
      await page.getByRole('radio', { name: '24 hours' }).click();
      await page.getByLabel('Steps, in percent of the visitors').fill('50, 10');
      await page.getByRole('button', { name: 'Begin the rollout' }).click();
      await expect(page.getByText('Whole percentages that grow')).toBeVisible();
      await page.getByRole('button', { name: 'Close for maintenance' }).click();
      await examine(page, `unfolded-${colorScheme}`);
    });
  });
}

for (const locale of ['en-GB', 'de-DE']) {
  test.describe(locale, () => {
    test.use({ viewport: { width: 360, height: 640 }, locale });

    test('every state on a phone', async ({ page, browser, baseURL }) => {
      // Whoever signs in reads English.
      const english = await browser.newContext({ baseURL: baseURL ?? '', locale: 'en-GB' });
      const elsewhere = await english.newPage();
      await signInAsAdministrator(elsewhere);
      await page.context().addCookies(await english.cookies());
      await english.close();
      for (const [name, services] of Object.entries(states)) {
        await shown(page, services);
        const excess = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(excess, name).toBe(0);
        await page.screenshot({
          path: `test-results/pages/releases-${name}-360-${locale}.png`,
          fullPage: true,
        });
      }
    });
  });
}

test('keys reach every moment of the charts', async ({ page }) => {
  await signInAsAdministrator(page);
  await shown(page, states.running);
  const moment = page.getByRole('slider', { name: 'Moment' });
  await moment.focus();
  await expect(page.getByText('latest', { exact: true })).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText('latest', { exact: true })).toBeHidden();
  await expect(moment).toHaveAttribute('aria-valuetext', /Requests per second.*Blue: .*Green: /);
  await page.keyboard.press('End');
  await expect(page.getByText('latest', { exact: true })).toBeVisible();
});
