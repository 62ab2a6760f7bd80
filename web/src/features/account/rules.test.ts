// What the forms accept.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { characters, codeFromApp, codeFromPaper, confirmation, newAccount } from './rules';

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

describe('a code', () => {
  const read = (schema: v.GenericSchema<{ code: string }>, code: string) => {
    const result = v.safeParse(schema, { code, password: 'of no importance' });
    return result.success ? result.output.code : result.issues[0].message;
  };
  const written = '0p7s-mdt8-gcth-5hkc-f5ty-j8hq';
  const meant = '0p7smdt8gcth5hkcf5tyj8hq';

  it.each([
    ['123 456', '123456'],
    ['', 'required'],
    [' ', 'required'],
    ['12345', 'app_code'],
    ['1234567', 'app_code'],
    ['12345a', 'app_code'],
    [written, 'app_code'],
  ])('of the app: %o is %s', (typed, expected) => {
    expect(read(codeFromApp, typed)).toBe(expected);
  });

  it.each([
    [written, meant],
    [written.replaceAll('-', ' – '), meant],
    ['0p7s', 'backup_code'],
    ['garbage', 'backup_code'],
    [`${written}1`, 'backup_code'],
    // There is no U in it.
    [written.replace('p', 'u'), 'backup_code'],
    ['123456', 'backup_code'],
  ])('from paper: %o is %s', (typed, expected) => {
    expect(read(codeFromPaper, typed)).toBe(expected);
  });

  it.each([
    ['123456', '123456'],
    [written, meant],
    ['12345', 'either_code'],
  ])('of either kind: %o is %s', (typed, expected) => {
    expect(read(confirmation(true), typed)).toBe(expected);
  });

  it('is not asked of those who have none', () => {
    expect(read(confirmation(false), '')).toBe('');
  });
});
