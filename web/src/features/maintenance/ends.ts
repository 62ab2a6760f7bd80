// When maintenance is to end, as administrators choose it: from now on, as said before, or left open.
import type { TFunction } from 'i18next';
import type { Until } from '../../api/maintenance';

export const ends = ['15', '30', '60', '120', '240', 'open'] as const;
/** What can be said anew while it goes on. */
export const endsAnew = ['same', ...ends] as const;
export type End = (typeof endsAnew)[number];

const MINUTE = 60_000;

/** The moment that is meant, if any is. */
export function endsAt(end: End, present: Until, now: Date): string | undefined {
  if (end === 'same') return present ?? undefined;
  if (end === 'open') return undefined;
  return new Date(now.getTime() + Number(end) * MINUTE).toISOString();
}

export function endWords(t: TFunction, end: End): string {
  if (end === 'same' || end === 'open') return t(`admin.maintenance.ends.${end}`);
  const minutes = Number(end);
  return minutes < 60
    ? t('admin.maintenance.ends.minutes', { count: minutes })
    : t('admin.maintenance.ends.hours', { count: minutes / 60 });
}
