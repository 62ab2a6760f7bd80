// From what the gate has measured to what a chart shows: pieces of time that are long enough to say something.
import type { Moment, Point } from '../model';

export type Range = 'minutes' | 'day';

/** How long a range is, how long a piece of it, and how far the gate's own pieces are apart; in seconds. */
export const ranges = {
  minutes: { by: 'second', length: 600, piece: 5, own: 1 },
  day: { by: 'minute', length: 86_400, piece: 300, own: 60 },
} as const satisfies Record<
  Range,
  { by: 'second' | 'minute'; length: number; piece: number; own: number }
>;

export type Arm = {
  /** Requests per second. */
  rate: number;
  /** Which share of them failed; none without requests. */
  errors: number | undefined;
  /** In milliseconds; none where nothing was measured. */
  p95: number | undefined;
};

export type Piece = { at: number; blue: Arm; green: Arm };

/** What is new behind what is known, without what is too old for the range. */
export function joined(known: readonly Moment[], fresh: readonly Moment[], range: Range): Moment[] {
  const last = known.at(-1)?.at ?? '';
  const all = [...known, ...fresh.filter(({ at }) => Date.parse(at) > (Date.parse(last) || 0))];
  const end = Date.parse(all.at(-1)?.at ?? '') || 0;
  const begin = end - ranges[range].length * 1000;
  return all.filter(({ at }) => Date.parse(at) > begin);
}

/** Whole pieces, the oldest first. A piece that has only begun would look like a fall. */
export function pieces(moments: readonly Moment[], range: Range): Piece[] {
  const { piece, own } = ranges[range];
  const groups = grouped(moments, piece * 1000);
  const newest = Math.max(...groups.keys());
  const isWhole = ([at, group]: [number, Moment[]]) => at < newest || group.length >= piece / own;
  return [...groups].filter(isWhole).map((group) => pieceOf(group, own));
}

/** A few rows for a table, the newest first: minutes, or hours of a day. */
export function rows(moments: readonly Moment[], range: Range): Piece[] {
  const length = range === 'day' ? 3_600_000 : 60_000;
  const { own } = ranges[range];
  return [...grouped(moments, length)].toReversed().map((group) => pieceOf(group, own));
}

function grouped(moments: readonly Moment[], length: number): Map<number, Moment[]> {
  const groups = new Map<number, Moment[]>();
  for (const moment of moments) {
    const at = Math.floor(Date.parse(moment.at) / length) * length;
    const group = groups.get(at);
    if (group) group.push(moment);
    else groups.set(at, [moment]);
  }
  return groups;
}

function pieceOf([at, group]: [number, Moment[]], own: number): Piece {
  const seconds = group.length * own;
  const arm = (slot: 'blue' | 'green') =>
    armOf(
      group.map((moment) => moment[slot]),
      seconds,
    );
  return { at, blue: arm('blue'), green: arm('green') };
}

/** Of percentiles the worst: nobody can add them up. */
function armOf(points: readonly Point[], seconds: number): Arm {
  const requests = sum(points.map((point) => point.requests));
  const failed = sum(points.map((point) => point.errors));
  const times = points.flatMap(({ p95_ms: p95 }) => (p95 == null ? [] : [p95]));
  return {
    rate: requests / seconds,
    errors: requests > 0 ? failed / requests : undefined,
    p95: times.length > 0 ? Math.max(...times) : undefined,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
