// The administrator of the server under test. setup.spec.ts creates them, before everything else.
import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expectToBeIn, open, signIn, type Account } from './support';

export const setupLink = process.env.MAINSTAY_SETUP_LINK ?? '';

// From the link, so that every file of a run arrives at the same without telling the others.
const id = createHash('sha256').update(setupLink).digest('hex');

export const administrator: Account = {
  email: 'e2e-administrator@example.org',
  username: 'e2e_administrator',
  password: `nine lanterns ${id.slice(0, 16)}`,
};

/** Signs in anew: what administrators change wants a recent proof. */
export async function signInAsAdministrator(page: Page): Promise<void> {
  await open(page, '/sign-in');
  await signIn(page, administrator);
  await expectToBeIn(page, administrator);
}
