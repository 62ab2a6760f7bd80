// What the log is narrowed down to: as it stands in the address, and as the API wants it.
import * as v from 'valibot';
import type { paths } from '../../api/schema';

type Query = NonNullable<paths['/api/admin/audit']['get']['parameters']['query']>;

const HOUR = 3_600_000;

/** How far the usual spans go back. */
const lengths = { day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR };

/** `dates`: between two days. */
export const spans = ['day', 'week', 'month', 'dates'] as const;
export const outcomes = ['success', 'failure'] as const;

/** A day of the calendar that somebody may have meant: while a year is typed, it begins with zeros. */
export const calendarDay = v.pipe(v.string(), v.isoDate(), v.regex(/^[12]/), v.check(exists));

// A query string is whatever someone typed: what does not fit is dropped, never an error. Dropped, it is there and
// undefined: the router would put back what was missing.
function dropped<T extends v.GenericSchema>(schema: T) {
  return v.fallback(v.optional(schema), undefined);
}

export const filterSchema = v.object({
  person: dropped(v.pipe(v.string(), v.uuid())),
  action: dropped(v.pipe(v.string(), v.regex(/^[a-z][a-z_]{0,59}$/))),
  outcome: dropped(v.picklist(outcomes)),
  span: dropped(v.picklist(spans)),
  from: dropped(calendarDay),
  until: dropped(calendarDay),
});

export type Filters = Partial<{
  person: string;
  action: string;
  outcome: (typeof outcomes)[number];
  span: (typeof spans)[number];
  from: string;
  until: string;
}>;

export type FilterChanges = { [Key in keyof Filters]: Filters[Key] | undefined };

/** Only what counts: days belong to the span between two days, and mean it. */
export function tidied({ person, action, outcome, span, from, until }: FilterChanges): Filters {
  const hasDays = from !== undefined || until !== undefined;
  const meant = span ?? (hasDays ? 'dates' : undefined);
  return {
    ...(person !== undefined && { person }),
    ...(action !== undefined && { action }),
    ...(outcome !== undefined && { outcome }),
    ...(meant !== undefined && { span: meant }),
    ...(meant === 'dates' && from !== undefined && { from }),
    ...(meant === 'dates' && until !== undefined && { until }),
  };
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(filters).length > 0;
}

/** Nothing lies between two days in this order. */
export function isBackwards({ from, until }: Filters): boolean {
  return from !== undefined && until !== undefined && until < from;
}

/** What to ask the server. Days are those of the reader's own time zone, the last one included. */
export function auditParameters(filters: Filters, now: Date): Query {
  const { person, action, outcome } = filters;
  return {
    ...(person !== undefined && { person }),
    ...(action !== undefined && { action }),
    ...(outcome !== undefined && { outcome }),
    ...period(filters, now),
  };
}

function period({ span, from, until }: Filters, now: Date): Pick<Query, 'from' | 'until'> {
  if (span === undefined) return {};
  if (span !== 'dates') return { from: new Date(now.getTime() - lengths[span]).toISOString() };
  return {
    ...(from !== undefined && { from: midnight(from).toISOString() }),
    ...(until !== undefined && { until: midnight(until, 1).toISOString() }),
  };
}

/** When a day begins here; `later`, some days after it. */
function midnight(day: string, later = 0): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later);
}

/** There is no 31 February. */
function exists(day: string): boolean {
  return midnight(day).getDate() === Number(day.slice(8));
}
