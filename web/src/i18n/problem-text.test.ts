// Problems and field mistakes become sentences.
import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { Problem } from '../api/problem';
import { fieldText, mistakeText, problemText, waitText } from './problem-text';

const { t } = i18next;

describe('problemText', () => {
  it('has its own words for a known code', () => {
    const problem = new Problem({ code: 'invalid_credentials', status: 401, detail: 'Nope.' });
    expect(problemText(t, problem)).toContain('not confirmed yet');
  });

  it('shows the server’s sentence for an unknown code', () => {
    const problem = new Problem({ code: 'frozen', status: 409, detail: 'It is frozen.' });
    expect(problemText(t, problem)).toBe('It is frozen.');
  });

  it('does not take an object’s own methods for codes', () => {
    const problem = new Problem({ code: 'toString', status: 400, detail: 'Odd.' });
    expect(problemText(t, problem)).toBe('Odd.');
  });

  it('knows what 429 means, whatever its code', () => {
    const problem = new Problem({ code: 'slow_down', status: 429, retryAfter: 30 });
    expect(problemText(t, problem)).toBe('Too many attempts.');
  });

  it.each([
    [1, '1 second'],
    [60, '1 minute'],
    [845, '14 minutes 5 seconds'],
    [7260, '2 hours 1 minute'],
    [0, '0 seconds'],
  ])('names a wait of %i seconds', (seconds, said) => {
    expect(waitText(t, seconds, 'en')).toBe(`Try again in ${said}.`);
  });

  it('has something to say about nothing', () => {
    expect(problemText(t, new Problem({ code: 'x', status: 502 }))).toContain(
      'does not understand',
    );
  });
});

describe('fieldText', () => {
  it('translates a known mistake', () => {
    const mistake = { field: 'password', code: 'length', message: 'short' };
    expect(fieldText(t, mistake)).toBe('Use 8 to 256 characters.');
  });

  it('falls back to the server’s message, then to a general one', () => {
    expect(fieldText(t, { field: 'email', code: 'odd', message: 'Odd.' })).toBe('Odd.');
    expect(fieldText(t, { field: 'age', code: 'odd', message: '' })).toContain('check this field');
  });
});

describe('mistakeText', () => {
  const said = (field: string, code: string, message = '') =>
    mistakeText(t, { field, code, message });

  it('names what is wrong, in the words that a field would have', () => {
    expect(said('password', 'length', 'short')).toBe('Use 8 to 256 characters.');
  });

  it('names a field that the page knows nothing about', () => {
    expect(said('list[0].age', 'range', 'must be at most 7')).toBe(
      '“list[0].age” must be at most 7.',
    );
    expect(said('age', 'range')).toBe('“age” is not right.');
  });

  it('has words for the whole and for the rest, never their signs', () => {
    expect(said('$', 'type', 'must be an object')).toBe('What was sent must be an object.');
    expect(said('$', 'odd')).toContain('as a whole');
    expect(said('$', 'more', 'has more mistakes than are listed here')).toBe(
      'There are more mistakes than are listed here.',
    );
  });

  it.each(['toString', '__proto__', 'constructor'])(
    'does not take %s for a known field',
    (name) => {
      expect(said(name, 'toString', 'is odd')).toBe(`“${name}” is odd.`);
    },
  );
});
