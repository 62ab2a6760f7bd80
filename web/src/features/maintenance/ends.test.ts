// An end that is chosen becomes a moment, or none.
import i18next from 'i18next';
import { expect, it } from 'vitest';
import { ends, endsAt, endWords } from './ends';

const now = new Date('2026-11-22T18:00:00Z');
const said = '2026-11-22T19:00:00Z';

it.each([
  ['15', said, '2026-11-22T18:15:00.000Z'],
  ['240', undefined, '2026-11-22T22:00:00.000Z'],
  ['open', said, undefined],
  ['same', said, said],
  ['same', null, undefined],
] as const)('%s, with %s before, is %s', (end, before, moment) => {
  expect(endsAt(end, before, now)).toBe(moment);
});

it('has words for each', () => {
  expect(ends.map((end) => endWords(i18next.t, end))).toEqual([
    'in 15 minutes',
    'in 30 minutes',
    'in 1 hour',
    'in 2 hours',
    'in 4 hours',
    'not known yet',
  ]);
});
