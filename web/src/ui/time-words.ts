// How long ago, or how soon, in the words of a language: "5 minutes ago", "in 3 days".

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const units = [
  { unit: 'year', seconds: 365.25 * DAY },
  { unit: 'month', seconds: 30.44 * DAY },
  { unit: 'week', seconds: 7 * DAY },
  { unit: 'day', seconds: DAY },
  { unit: 'hour', seconds: HOUR },
  { unit: 'minute', seconds: MINUTE },
] as const;

/** Everything within this many seconds of now is "now". */
const NOW = 45;

export function timeWords(at: Date, now: Date, locale: string): string {
  // In numbers throughout: "yesterday" would depend on midnight, not on the hours that passed.
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const seconds = (at.getTime() - now.getTime()) / 1000;
  if (Math.abs(seconds) < NOW) {
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
  }
  for (const { unit, seconds: length } of units) {
    // What is not complete does not count: 47 hours are one day.
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(Math.sign(seconds), 'minute');
}
