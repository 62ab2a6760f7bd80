// Numbers and names of releases, in the reader's language.
import type { TFunction } from 'i18next';
import { regionalFormat } from '../../i18n/i18n';
import type { Figures, Rule, Slot, Standing } from './model';

export function slotName(t: TFunction, slot: Slot): string {
  return t(`admin.releases.slot.${slot}`);
}

/** A share of 1, with as many digits as say something. */
export function percent(share: number, language: string): string {
  const digits =
    share === 0 || share >= 0.1 || Number.isInteger(share * 100) ? 0 : share < 0.01 ? 2 : 1;
  const style = { style: 'percent', maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(regionalFormat(language), style).format(share);
}

/** A share in hundredths, as the gate counts them. */
export const shareWords = (weight: number, language: string) => percent(weight / 100, language);

export function number(value: number, language: string, digits = 0): string {
  const most = { maximumFractionDigits: digits };
  return new Intl.NumberFormat(regionalFormat(language), most).format(value);
}

/** How often something happens in a second: few of them with a digit more. */
export function rate(value: number, language: string): string {
  return number(value, language, value > 0 && value < 10 ? 1 : 0);
}

export function millis(value: number, language: string): string {
  return number(value, language, value < 10 ? 1 : 0);
}

const isRelative = (rule: Rule) => rule === 'more_errors' || rule === 'slower';

export function boundWords(
  t: TFunction,
  { rule, allowed }: Pick<Standing, 'rule' | 'allowed'>,
  language: string,
): string {
  return isRelative(rule)
    ? t('admin.releases.bound.ratio', { ratio: number(allowed, language, 2) })
    : t('admin.releases.bound.share', { share: percent(allowed, language) });
}

export function countWords(t: TFunction, { bad, requests }: Figures, language: string): string {
  return t('admin.releases.evidence.count', {
    bad: number(bad, language),
    requests: number(requests, language),
  });
}

const lengths = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "1 hr 30 min": the two greatest units that say something. */
export function holdWords(seconds: number, language: string): string {
  const words: string[] = [];
  let rest = Math.floor(seconds);
  for (const [unit, length] of lengths) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0 && words.length < 2) words.push(unitWords(count, unit, language));
  }
  return words.length === 0 ? unitWords(0, 'second', language) : words.join(' ');
}

function unitWords(count: number, unit: string, language: string): string {
  const style = { style: 'unit', unit, unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(regionalFormat(language), style).format(count);
}

export function clock(at: string, language: string, hasSeconds = false): string {
  const style = { timeStyle: hasSeconds ? 'medium' : 'short' } as const;
  return new Intl.DateTimeFormat(regionalFormat(language), style).format(new Date(at));
}

export function dateAndTime(at: string, language: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(regionalFormat(language), style).format(new Date(at));
}
