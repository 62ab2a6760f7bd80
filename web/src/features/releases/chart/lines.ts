// The geometry of a chart, on a field of WIDTH by HEIGHT that is stretched to whatever room there is.
import { ranges, type Piece, type Range } from './series';

export const WIDTH = 1000;
export const HEIGHT = 100;

export type Value = { at: number; value: number | undefined };

/** From when to when: as long as the range, to the end of the newest piece. */
export function span(pieces: readonly Piece[], range: Range): [number, number] {
  const { length, piece } = ranges[range];
  const end = (pieces.at(-1)?.at ?? 0) + piece * 1000;
  return [end - length * 1000, end];
}

export function place(at: number, [begin, end]: readonly [number, number]): number {
  return ((at - begin) / (end - begin)) * WIDTH;
}

/** A round number that is no less than all values. */
export function top(values: readonly (number | undefined)[], least: number): number {
  const greatest = Math.max(least, ...values.map((value) => value ?? 0));
  const unit = 10 ** Math.floor(Math.log10(greatest));
  const step = [1, 2, 4, 5, 10].find((factor) => factor * unit >= greatest * (1 - 1e-9)) ?? 10;
  return step * unit;
}

/** An SVG path, broken where nothing is known. A value alone between two breaks is a short dash. */
export function line(
  values: readonly Value[],
  most: number,
  time: readonly [number, number],
  piece: number,
): string {
  const path: string[] = [];
  let last: number | undefined;
  for (const { at, value } of values) {
    if (value === undefined) {
      last = undefined;
      continue;
    }
    const x = place(at + piece / 2, time);
    const y = HEIGHT - (Math.min(value, most) / most) * HEIGHT;
    const isConnected = last !== undefined && at - last <= piece * 1.5;
    path.push(isConnected ? `L${round(x)} ${round(y)}` : `M${round(x)} ${round(y)}h1`);
    last = at;
  }
  return path.join('');
}

/** The piece nearest to a place on the chart. */
export function nearest(
  pieces: readonly Piece[],
  x: number,
  time: readonly [number, number],
): number | undefined {
  const at = time[0] + (x / WIDTH) * (time[1] - time[0]);
  let best: number | undefined;
  pieces.forEach((piece, index) => {
    const other = best === undefined ? undefined : pieces[best];
    if (!other || Math.abs(piece.at - at) <= Math.abs(other.at - at)) best = index;
  });
  return best;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
