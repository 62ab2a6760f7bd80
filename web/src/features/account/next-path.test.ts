// Only paths on this origin survive.
import { describe, expect, it } from 'vitest';
import { safeNext } from './next-path';

const origin = 'https://home.example';

describe('safeNext', () => {
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
