// What the forms accept.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { characters, newAccount } from './rules';

const good = { email: 'ada@example.org', username: 'ada_l', password: 'correct horse' };

function mistakes(change: Partial<typeof good>): string[] {
  const result = v.safeParse(newAccount, { ...good, ...change });
  return result.success
    ? []
    : result.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
}

describe('a new account', () => {
  it('is accepted', () => {
    expect(mistakes({})).toEqual([]);
  });

  it('loses the space around its e-mail', () => {
    expect(v.parse(newAccount, { ...good, email: ' ada@example.org ' }).email).toBe(good.email);
  });

  it.each([
    [{ email: '' }, 'email: required'],
    [{ email: 'ada' }, 'email: email'],
    [{ email: `${'a'.repeat(250)}@example.org` }, 'email: email'],
    [{ username: 'al' }, 'username: username'],
    [{ username: 'ada lovelace' }, 'username: username'],
    [{ username: 'a'.repeat(51) }, 'username: username'],
    [{ password: '' }, 'password: required'],
    [{ password: 'seven77' }, 'password: length'],
    [{ password: 'x'.repeat(257) }, 'password: length'],
    [{ password: 'ADA@example.org' }, 'password: same_as_identity'],
    [{ username: 'lovelace', password: 'Lovelace' }, 'password: same_as_identity'],
  ])('%o is refused', (change, expected) => {
    expect(mistakes(change)).toContain(expected);
  });

  it('keeps spaces in a password and counts what people count', () => {
    expect(mistakes({ password: '        ' })).toEqual([]);
    expect(characters('🔑🔑🔑🔑')).toBe(4);
    expect(mistakes({ password: '🔑🔑🔑🔑' })).toEqual(['password: length']);
  });
});
