// What is measured becomes lines that say no more than was measured.
import { describe, expect, it } from 'vitest';
import { moments } from '../sample';
import { line, nearest, span, top } from './lines';
import { joined, pieces, ranges, rows } from './series';

describe('what is measured', () => {
  it('is joined with what is known, once, and the oldest goes', () => {
    const all = moments(700);
    const known = joined([], all.slice(0, 650), 'minutes');
    expect(known.length).toBe(600);
    const more = joined(known, all.slice(640), 'minutes');
    expect(more.length).toBe(600);
    expect(more.at(-1)).toEqual(all.at(-1));
    expect(new Set(more.map(({ at }) => at)).size).toBe(600);
    expect(joined(more, [], 'minutes')).toEqual(more);
  });

  it('becomes whole pieces', () => {
    // Noon begins a piece that is not whole yet.
    const found = pieces(moments(11), 'minutes');
    expect(found.map(({ blue }) => blue.rate)).toEqual([9, 9]);
    expect(found[0]?.green).toEqual({ rate: 1, errors: 0, p95: 40 });
    expect(pieces([], 'minutes')).toEqual([]);
  });

  it('tells the share that failed, and nothing where nobody came', () => {
    const [first] = pieces(moments(11, 1), 'minutes');
    expect(first?.green.errors).toBe(1);
    const nobody = { requests: 0, errors: 0, unauthorized: 0, p95_ms: null };
    const quiet = moments(11).map(({ at }) => ({ at, blue: nobody, green: nobody }));
    expect(pieces(quiet, 'minutes')[0]?.blue).toEqual({
      rate: 0,
      errors: undefined,
      p95: undefined,
    });
  });

  it('becomes a few rows of a table, the newest first', () => {
    const found = rows(moments(600), 'minutes');
    expect(found.length).toBe(11);
    expect(found[0]?.at).toBeGreaterThan(found[1]?.at ?? 0);
  });
});

describe('a chart', () => {
  const all = pieces(moments(600), 'minutes');
  const time = span(all, 'minutes');

  it('is as long as its range, and ends with the newest piece', () => {
    expect(time[1] - time[0]).toBe(600_000);
    expect(time[1]).toBe((all.at(-1)?.at ?? 0) + ranges.minutes.piece * 1000);
  });

  it.each([
    [[], 1, 1],
    [[0.3], 1, 1],
    [[7], 1, 10],
    [[11, undefined], 1, 20],
    [[230], 10, 400],
    [[0.031], 0.02, 0.04],
    [[400], 10, 400],
  ])('above %j, at least %d, ends at %d', (values, least, most) => {
    expect(top(values, least)).toBeCloseTo(most);
  });

  it('is broken where nothing is known', () => {
    const value = (index: number, known: number | undefined) => ({ at: index * 10, value: known });
    const values = [value(0, 0), value(1, 5), value(2, undefined), value(3, 20), value(7, 10)];
    expect(line(values, 10, [0, 100], 10)).toBe('M50 100h1L150 50M350 0h1M750 0h1');
    expect(line([], 10, [0, 100], 10)).toBe('');
  });

  it('finds what is pointed at', () => {
    expect(nearest(all, 1000, time)).toBe(all.length - 1);
    expect(nearest(all, 0, time)).toBe(0);
    expect(nearest([], 500, time)).toBeUndefined();
  });
});
