// The content security policy is strict, and nothing on any page offends it.
import type { Page } from '@playwright/test';
import { setupLink, signInAsAdministrator } from './administrator';
import { pretendGate, service } from './pretended-gate';
import { button, expect, field, open, publicPages, test } from './support';

/** Collects offences from now on, whichever way the browser reports them. */
async function watch(page: Page): Promise<string[]> {
  const offences: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|trusted ?types?|csp offence/i.test(message.text())) {
      offences.push(message.text());
    }
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`CSP offence: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return offences;
}

/** Messages arrive in order: when the last one is here, so are all before it. */
async function everythingSaid(page: Page): Promise<void> {
  const last = page.waitForEvent('console', (message) => message.text() === 'the last word');
  await page.evaluate(() => {
    console.log('the last word');
  });
  await last;
}

// ASVS 1.3.2, 14.2.3
test('the policy is sent with the page', async ({ request }) => {
  const policy = (await request.get('/')).headers()['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe-');
});

for (const { name, path } of [...publicPages, { name: 'api reference', path: '/docs' }]) {
  test(name, async ({ page }) => {
    const offences = await watch(page);
    await page.goto(path);
    await expect(page.locator('h1, h2').first()).toBeVisible();
    await page.waitForLoadState('networkidle');
    await everythingSaid(page);
    expect(offences).toEqual([]);
  });
}

// ASVS 3.2.2 - under Trusted Types
test('settings, forms and the account page at work', async ({ signedIn: page }) => {
  const offences = await watch(page);
  await open(page, '/account');
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('Light');
  await page.getByRole('radio', { name: 'Dark' }).click();
  await page.getByRole('link', { name: 'Mailbox' }).click();
  await expect(page.getByRole('heading', { name: 'Development mailbox' })).toBeVisible();
  await open(page, '/account/security');
  await button(page, 'Change the password').click();
  await button(page, 'Save the new password').click();
  await expect(page.getByText('Enter your current password.')).toBeVisible();
  // Brings the password meter, a file of its own.
  await field(page, 'New password').fill('twelve grey herons');
  await expect(page.getByText(/hard to guess/).first()).toBeVisible();
  await everythingSaid(page);
  expect(offences).toEqual([]);
});

test('the administration at work', async ({ page }) => {
  test.skip(setupLink === '', 'MAINSTAY_SETUP_LINK is not set');
  const offences = await watch(page);
  await signInAsAdministrator(page);
  await open(page, '/admin/audit');
  await button(page, 'How to verify this').click();
  await page
    .getByRole('button', { name: /^Details/ })
    .first()
    .click();
  await page.getByRole('combobox', { name: 'Person' }).fill('e2e');
  await page.getByRole('listbox').getByRole('option').first().click();
  await page.getByRole('combobox', { name: 'When' }).selectOption('Between two days …');
  await expect(field(page, 'From')).toBeVisible();
  await pretendGate(page, [service()]);
  await open(page, '/admin/releases');
  await button(page, 'As a table').click();
  await page.getByRole('slider', { name: 'Moment' }).press('ArrowLeft');
  await open(page, '/admin/csp-reports');
  await page.waitForLoadState('networkidle');
  await everythingSaid(page);
  expect(offences).toEqual([]);
});
