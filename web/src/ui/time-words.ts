// Moments in the words of a language: "5 minutes ago", "in 3 days", or the date itself.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `most`: from so many on, the next unit counts. Days go far: a token for 30 days says so. */
const units = [
  { unit: 'minute', seconds: MINUTE, most: 60 },
  { unit: 'hour', seconds: HOUR, most: 24 },
  { unit: 'day', seconds: DAY, most: 60 },
  { unit: 'month', seconds: 30.44 * DAY, most: 12 },
  { unit: 'year', seconds: 365.25 * DAY, most: Infinity },
] as const;

/** Everything within this many seconds of now is "now". */
const NOW = 45;

export function timeWords(at: Date, now: Date, locale: string): string {
  // In numbers throughout: "yesterday" would depend on midnight, not on the hours that passed.
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const seconds = secondsBetween(at, now);
  if (Math.abs(seconds) >= NOW) {
    for (const { unit, seconds: length, most } of units) {
      // To the nearest: what ends 89 days and 23 hours from now ends in 3 months.
      const count = Math.round(Math.abs(seconds) / length);
      if (count < most) return words.format(Math.sign(seconds) * count, unit);
    }
  }
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
}

/** Whether "5 hours ago" still says enough. */
export function isNear(at: Date, now: Date): boolean {
  return Math.abs(secondsBetween(at, now)) < DAY;
}

function secondsBetween(at: Date, now: Date): number {
  return (at.getTime() - now.getTime()) / 1000;
}
