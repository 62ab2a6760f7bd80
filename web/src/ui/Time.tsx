// Moments: in words with the exact time behind them, or as a day.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { regionalFormat } from '../i18n/i18n';
import { timeWords } from './time-words';

const TICK = 30_000;

/** The time, kept fresh enough for words. */
function useNow(): Date {
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

/** "5 minutes ago", with the exact time for those who point at it. */
export function TimeAgo({ at }: { at: string }) {
  const now = useNow();
  const locale = useLocale();
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactly(date, locale)}>
      {timeWords(date, now, locale)}
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
