// What a judge has found, in a sentence that says what it rests on.
import type { TFunction } from 'i18next';
import { otherSlot, type Finding, type Slot } from './model';
import { boundWords, countWords, number, slotName } from './words';

/** Beyond this nobody reads digits. */
const MOST_DIGITS = 9;

export function findingWords(
  t: TFunction,
  finding: Finding,
  candidate: Slot,
  language: string,
): string {
  const { rule, grounds } = finding;
  const names = {
    rule: t(`admin.releases.rule.${rule}`),
    bound: boundWords(t, finding, language),
    candidate: slotName(t, candidate),
    incumbent: slotName(t, otherSlot(candidate)),
  };
  if ('pool' in grounds) {
    const look = (use: { used: number; size: number }) => t('admin.releases.finding.look', use);
    return t('admin.releases.finding.pool', {
      ...names,
      looks: grounds.pool.looks.map(look).join(', '),
    });
  }
  const { seconds, lately, log10_evidence: log } = grounds.requests;
  const words = {
    ...names,
    seconds: number(seconds, language),
    bad: countWords(t, lately.candidate, language),
    otherBad: countWords(t, lately.incumbent, language),
    odds: odds(log, language),
  };
  const isBeside = rule === 'more_errors' || rule === 'slower';
  return t(isBeside ? 'admin.releases.finding.beside' : 'admin.releases.finding.alone', words);
}

/** Two digits that matter: nobody believes the third. */
function odds(log10: number, language: string): string {
  if (log10 > MOST_DIGITS) return `10^${number(log10, language)}`;
  const value = 10 ** log10;
  const unit = 10 ** Math.max(0, Math.floor(log10) - 1);
  return number(Math.round(value / unit) * unit, language);
}
