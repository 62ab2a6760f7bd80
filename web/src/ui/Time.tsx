// Moments: in words with the exact time behind them, or as a day.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { regionalFormat } from '../i18n/i18n';
import { isNear, timeWords } from './time-words';

const TICK = 30_000;

/** The time, kept fresh enough for words. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(new Date());
    }, TICK);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return now;
}

function useLocale(): string {
  return regionalFormat(useTranslation().i18n.language);
}

function exactly(date: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(date);
}

function shortly(date: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

type MomentProps = {
  at: string;
  /** Where the date matters however near it is. */
  dated?: boolean;
};

/** "5 minutes ago"; what is a day or more away, with its date: "3 May 2026, 14:05 (in 3 months)". */
export function Moment({ at, dated = false }: MomentProps) {
  const now = useNow();
  const locale = useLocale();
  const date = new Date(at);
  const words = timeWords(date, now, locale);
  return (
    <time dateTime={at} title={exactly(date, locale)}>
      {dated || !isNear(date, now) ? `${shortly(date, locale)} (${words})` : words}
    </time>
  );
}

/** "3 May 2026, 14:05", where "in 5 minutes" would be wrong soon and nobody counts along. */
export function ShortMoment({ at }: { at: string }) {
  const locale = useLocale();
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactly(date, locale)}>
      {shortly(date, locale)}
    </time>
  );
}

/** "3 May 2026", with the exact time for those who point at it. */
export function Day({ at }: { at: string }) {
  const locale = useLocale();
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactly(date, locale)}>
      {new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(date)}
    </time>
  );
}

/** The time itself, to the second and with its zone: for those who compare it with other records. */
export function ExactMoment({ at }: { at: string }) {
  const locale = useLocale();
  const words = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
  return <time dateTime={at}>{words.format(new Date(at))}</time>;
}
