// Only paths on this origin survive.
import { describe, expect, it } from 'vitest';
import type { Me } from '../../api/client';
import { afterSignIn, safeNext } from './next-path';

const origin = 'https://home.example';

describe('safeNext', () => {
  // ASVS 1.2.2, 3.7.2
  it.each(['/account', '/dev/mail?message=1', '/a#b'])('keeps %s', (path) => {
    expect(safeNext(path, origin)).toBe(path);
  });

  it.each([
    undefined,
    42,
    '',
    'account',
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    'javascript:alert(1)',
    ' //evil.example',
    '/sign-in?next=/account',
  ])('replaces %o', (wanted) => {
    expect(safeNext(wanted, origin)).toBe('/account');
  });
});

describe('afterSignIn', () => {
  const me = (second_factor_required: boolean, second_factor: boolean) =>
    ({ second_factor_required, second_factor }) as Me;

  it('leads to where the visitor was going', () => {
    expect(afterSignIn(me(false, false), '/dev/mail')).toBe('/dev/mail');
    expect(afterSignIn(me(true, true), '/dev/mail')).toBe('/dev/mail');
  });

  it('leads to setting up a second factor first where the rules ask for one', () => {
    expect(afterSignIn(me(true, false), '/dev/mail')).toBe('/account/security');
  });
});
