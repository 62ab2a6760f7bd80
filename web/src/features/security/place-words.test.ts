// Devices are named as far as they are known.
import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { placeWords } from './place-words';

const { t } = i18next;

describe('placeWords', () => {
  it.each([
    ['Firefox', 'Linux', 'Firefox on Linux'],
    ['curl', null, 'curl'],
    ['curl', 'unknown', 'curl'],
    ['', 'Android', 'Android'],
    [null, null, undefined],
  ])('%o and %o are %o', (browser, system, expected) => {
    expect(placeWords(t, { browser, system })).toBe(expected);
  });
});
