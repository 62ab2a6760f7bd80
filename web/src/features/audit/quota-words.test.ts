// Limits are told in the words of a language, or as they were written.
import i18next from 'i18next';
import { afterEach, describe, expect, it } from 'vitest';
import { quotaWords } from './quota-words';

const inLanguage = async (language: string, text: string) => {
  await i18next.changeLanguage(language);
  return quotaWords(i18next.t, text);
};

afterEach(() => i18next.changeLanguage('en'));

describe('how often something may happen', () => {
  it.each([
    ['50 per 1s, burst 500', '50 in 1 second, at most 500 at once'],
    ['30 per 1m', '30 in 1 minute'],
    ['1 per 1day, burst 30', '1 in 1 day, at most 30 at once'],
    ['1000000 per 1h 30m', '1,000,000 in 1 hour 30 minutes'],
    ['7 per 1s 500ms', '7 in 1 second 500 milliseconds'],
  ])('%s, in English', async (text, words) => {
    expect(await inLanguage('en', text)).toBe(words);
  });

  it.each([
    ['50 per 1s, burst 500', '50 in 1 Sekunde, höchstens 500 auf einmal'],
    ['30 per 9m', '30 in 9 Minuten'],
    ['1 per 1day, burst 30', '1 in 1 Tag, höchstens 30 auf einmal'],
    ['1000000 per 2h 30m', '1.000.000 in 2 Stunden 30 Minuten'],
  ])('%s, in German', async (text, words) => {
    expect(await inLanguage('de', text)).toBe(words);
  });

  it.each([
    '',
    '30',
    'per 1m',
    '30 per ',
    '30 per minute',
    '30 per 1',
    '30 per 1w',
    '30 per 0s',
    '30 per 1s 1m',
    '30 per 1m 1m',
    '30 per 1m  1s',
    '-1 per 1m',
    '0 per 1m',
    '1.5 per 1m',
    '30 per 1m, burst',
    '30 per 1m, burst 0',
    '30 per 1m, burst 40, burst 50',
    '30 per 1m,burst 40',
    ' 30 per 1m',
    '30 per 1m\n',
    'up to 30 per 1m',
    '99999999 per 1m',
  ])('%j stays as it is', async (text) => {
    expect(await inLanguage('de', text)).toBe(text);
  });
});
