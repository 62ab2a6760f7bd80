// What somebody types is understood as the gate understands it, and what is wrong is said beside its field.
import { describe, expect, it } from 'vitest';
import { parsePeriod, parseSteps, planMistakes, planOf, stepsOf } from './plan';

describe('a length of time', () => {
  it.each([
    ['30s', 30],
    ['10m', 600],
    ['1h 30m', 5400],
    ['1h30m', 5400],
    ['1day', 86_400],
    [' 2 hours ', 7200],
    ['0s', 0],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parsePeriod(text)).toBe(seconds);
  });

  it.each(['', 'soon', '10', '-5m', '1h,', '5 parsecs', '1toString', 'm'])('%j is none', (text) => {
    expect(parsePeriod(text)).toBeUndefined();
  });
});

describe('steps', () => {
  it.each([
    ['10, 50, 100', [10, 50, 100]],
    ['10%,100 %', [10, 100]],
    ['100', [100]],
  ])('%s', (text, steps) => {
    expect(parseSteps(text)).toEqual(steps);
  });

  it.each(['', '10,50', '0,100', '50,10,100', '10,10,100', '10,,100', '10,many', '100,101'])(
    'not %j',
    (text) => {
      expect(parseSteps(text)).toBeUndefined();
    },
  );
});

describe('a plan', () => {
  it.each([
    [{ steps: '10,50,100', holds: '', soak: '15m' }, {}],
    [{ steps: '10,50,100', holds: '4h, 2h', soak: '15m' }, {}],
    [{ steps: '10,50,100', holds: '4h', soak: '15m' }, { holds: 'count' }],
    [{ steps: '100', holds: '4h', soak: '15m' }, { holds: 'count' }],
    [
      { steps: '10,100', holds: 'soon', soak: '' },
      { holds: 'period', soak: 'period' },
    ],
    [{ steps: '10,5', holds: '1h,1h,1h', soak: '1h' }, { steps: 'grow' }],
  ])('%j', (plan, mistakes) => {
    expect(planMistakes(plan)).toEqual(mistakes);
  });

  it('has a hold for each step, and the soak last', () => {
    const plan = planOf({ steps: '10, 50, 100', holds: '4h, 2h', soak: '30m' }, true);
    expect(plan).toEqual({ steps: [10, 50, 100], holds: ['4h', '2h'], soak: '30m', manual: true });
    expect(stepsOf(plan)).toEqual([
      { share: 10, hold: 14_400 },
      { share: 50, hold: 7200 },
      { share: 100, hold: 1800 },
    ]);
  });

  it('has the usual holds where none are given, and perhaps the soak among them', () => {
    expect(stepsOf({ steps: [25, 100], holds: [], hold: '10m', soak: '15m' })).toEqual([
      { share: 25, hold: 600 },
      { share: 100, hold: 900 },
    ]);
    expect(stepsOf({ steps: [25, 100], holds: ['1h', '2h'], soak: '15m' })).toEqual([
      { share: 25, hold: 3600 },
      { share: 100, hold: 7200 },
    ]);
  });
});
