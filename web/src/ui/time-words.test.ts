// Moments, told as people tell them.
import { describe, expect, it } from 'vitest';
import { isNear, timeWords } from './time-words';

const now = new Date('2026-05-03T12:00:00Z');
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

describe('timeWords', () => {
  it.each([
    [0, 'now'],
    [-44, 'now'],
    [30, 'now'],
    [-50, '1 minute ago'],
    [-5 * MINUTE, '5 minutes ago'],
    [-59.4 * MINUTE, '59 minutes ago'],
    [-59.9 * MINUTE, '1 hour ago'],
    [-HOUR, '1 hour ago'],
    [-47 * HOUR, '2 days ago'],
    [-6.9 * DAY, '7 days ago'],
    [-60 * DAY, '2 months ago'],
    [-800 * DAY, '2 years ago'],
    [3 * DAY + 1, 'in 3 days'],
    [30 * DAY - 5, 'in 30 days'],
    [90 * DAY - 5, 'in 3 months'],
    [180 * DAY - 5, 'in 6 months'],
    [366 * DAY - 5, 'in 1 year'],
  ])('%d seconds from now is "%s"', (seconds, words) => {
    expect(timeWords(after(seconds), now, 'en-GB')).toBe(words);
  });

  it('speaks German', () => {
    expect(timeWords(after(-5 * MINUTE), now, 'de-DE')).toBe('vor 5 Minuten');
    expect(timeWords(after(0), now, 'de-DE')).toBe('jetzt');
  });
});

it.each([
  [-23.9, true],
  [23.9, true],
  [-24, false],
  [24, false],
])('%d hours from now: words say enough, %s', (hours, enough) => {
  expect(isNear(after(hours * HOUR), now)).toBe(enough);
});
