// Between the address, the filters and what the server is asked.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { auditParameters, filterSchema, isBackwards, isFiltered, tidied } from './filters';

const PERSON = '01a2040f-81b1-7bf9-8bac-539a20736af9';
const now = new Date('2026-11-22T16:00:00Z');
const read = (search: Record<string, unknown>) => tidied(v.parse(filterSchema, search));

describe('what stands in the address', () => {
  it.each([
    {},
    { person: PERSON },
    { action: 'sign_in', outcome: 'failure' },
    // A newer server may know it.
    { action: 'moon_landing' },
    { span: 'week' },
    { span: 'dates' },
    { span: 'dates', from: '2026-11-01', until: '2026-11-22' },
  ])('%j is what is looked for', (search) => {
    expect(read(search)).toEqual(search);
  });

  it.each([
    { person: 'ada' },
    { person: 7 },
    { action: 'DROP TABLE' },
    { action: 'x'.repeat(61) },
    { action: true },
    { outcome: 'perhaps' },
    { span: 'century' },
    { from: 'yesterday' },
    { from: '2026-02-31' },
    { from: '0202-11-22' },
    { until: 20_261_122 },
    { after: PERSON, limit: 5 },
  ])('%j is nonsense and is dropped', (search) => {
    expect(read(search)).toEqual({});
  });

  it('nonsense stays away: the router puts back only what is missing', () => {
    expect(Object.hasOwn(v.parse(filterSchema, { outcome: 'perhaps' }), 'outcome')).toBe(true);
  });

  it('nonsense takes nothing sensible with it', () => {
    expect(read({ person: 'ada', outcome: 'failure' })).toEqual({ outcome: 'failure' });
  });

  it('days mean the time between them', () => {
    expect(read({ from: '2026-11-01' })).toEqual({ span: 'dates', from: '2026-11-01' });
  });

  it('days beside another span count for nothing', () => {
    expect(read({ span: 'day', from: '2026-11-01', until: '2026-11-02' })).toEqual({ span: 'day' });
  });
});

describe('what the server is asked', () => {
  it('is everything, as long as nothing is chosen', () => {
    expect(auditParameters({}, now)).toEqual({});
    expect(auditParameters({ span: 'dates' }, now)).toEqual({});
  });

  it('is what was chosen', () => {
    const filters = { person: PERSON, action: 'sign_in', outcome: 'failure' } as const;
    expect(auditParameters(filters, now)).toEqual(filters);
  });

  it.each([
    ['day', '2026-11-21T16:00:00.000Z'],
    ['week', '2026-11-15T16:00:00.000Z'],
    ['month', '2026-10-23T16:00:00.000Z'],
  ] as const)('a %s goes back from now', (span, from) => {
    expect(auditParameters({ span }, now)).toEqual({ from });
  });

  it('days begin at midnight here, and the last one is included', () => {
    const filters = { span: 'dates', from: '2026-03-29', until: '2026-12-31' } as const;
    expect(auditParameters(filters, now)).toEqual({
      from: new Date(2026, 2, 29).toISOString(),
      until: new Date(2027, 0, 1).toISOString(),
    });
  });

  it('one day is enough', () => {
    const until = new Date(2026, 10, 23).toISOString();
    expect(auditParameters({ span: 'dates', until: '2026-11-22' }, now)).toEqual({ until });
  });
});

it('leaves out what is undone', () => {
  const filters = tidied({ person: undefined, action: 'sign_in', span: undefined });
  expect(filters).toEqual({ action: 'sign_in' });
  expect(isFiltered(filters)).toBe(true);
  expect(isFiltered(tidied({ person: undefined }))).toBe(false);
});

it('notices days in the wrong order', () => {
  const days = (from: string, until: string) => isBackwards({ span: 'dates', from, until });
  expect(days('2026-11-22', '2026-11-21')).toBe(true);
  expect(days('2026-11-22', '2026-11-22')).toBe(false);
  expect(isBackwards({ span: 'dates', until: '2026-11-21' })).toBe(false);
});
