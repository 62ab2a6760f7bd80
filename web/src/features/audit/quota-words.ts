// "50 per 1s, burst 500", as the server writes how often something may happen, in the words of a language.
import type { TFunction } from 'i18next';

const written = /^([1-9]\d{0,6}) per ([^,]+)(?:, burst ([1-9]\d{0,6}))?$/;
const lengthWritten = /^([1-9]\d{0,2})(day|h|m|s|ms)$/;

/** From the longest on: so the server writes them, each once at most. */
const units = ['day', 'h', 'm', 's', 'ms'] as const;

/** What is written otherwise stays as it is: a guess would be worse. */
export function quotaWords(t: TFunction, text: string): string {
  const [, requests, period = '', burst] = written.exec(text) ?? [];
  const time = periodWords(t, period);
  if (requests === undefined || time === undefined) return text;
  const words = { requests: Number(requests), time };
  if (burst === undefined) return t('admin.audit.value.quota', words);
  return t('admin.audit.value.quotaBurst', { ...words, burst: Number(burst) });
}

function periodWords(t: TFunction, period: string): string | undefined {
  const words: string[] = [];
  let longer = -1;
  for (const length of period.split(' ')) {
    const [, n, name] = lengthWritten.exec(length) ?? [];
    const index = units.findIndex((unit) => unit === name);
    const unit = units[index];
    if (unit === undefined || index <= longer) return undefined;
    longer = index;
    words.push(t(`admin.audit.value.unit.${unit}`, { n: Number(n) }));
  }
  return words.join(' ');
}
