// Turns a problem or a field mistake into a sentence in the reader's language.
import type { TFunction } from 'i18next';
import { TOO_MANY_REQUESTS, type FieldError, type Problem } from '../api/problem';
import { duration } from './duration';
import { en } from './en';
import type { Messages } from './messages';

type KnownCode = keyof Messages['problems']['text'];

/** A code we have words for wins; else the server's own sentence; else a general one. */
export function problemText(t: TFunction, problem: Problem): string {
  if (isKnown(problem.code)) {
    return t(`problems.text.${problem.code}`, { said: problem.detail ?? '' });
  }
  if (problem.status === TOO_MANY_REQUESTS) return t('problems.text.too_many_requests');
  return problem.detail ?? t('problems.text.unexpected');
}

type WaitWords = 'problems.retryIn' | 'resend.nextIn';

/** How long to wait before another try. */
export function waitText(
  t: TFunction,
  seconds: number,
  language: string,
  words: WaitWords = 'problems.retryIn',
): string {
  return t(words, { time: duration(seconds, language) });
}

function isKnown(code: string): code is KnownCode {
  return Object.hasOwn(en.problems.text, code);
}

/** The sentence `validation.<field>.<code>`, or the fallback where there is none. */
export function fieldText(t: TFunction, { field, code, message }: FieldError): string {
  if (hasWords(field, code)) return t(`validation.${field}.${code}` as 'validation.fallback');
  return message === '' ? t('validation.fallback') : message;
}

/** The server's name for what was sent, as a whole. */
const WHOLE = '$';
/** Its code for there being more mistakes than it tells. */
const MORE = 'more';

/** The same for a mistake that stands beside no field, and so has to name it. */
export function mistakeText(t: TFunction, mistake: FieldError): string {
  const { field, code, message } = mistake;
  if (code === MORE) return t('validation.more');
  if (hasWords(field, code)) return fieldText(t, mistake);
  // Their words follow a name: "must have at most 50 characters".
  if (message === '')
    return t(field === WHOLE ? 'validation.whole' : 'validation.other', { field });
  return t(field === WHOLE ? 'validation.wholeSays' : 'validation.otherSays', { field, message });
}

function hasWords(field: string, code: string): boolean {
  const sentences: Record<string, unknown> = en.validation;
  const ofField = Object.hasOwn(sentences, field) ? sentences[field] : undefined;
  return typeof ofField === 'object' && ofField !== null && Object.hasOwn(ofField, code);
}
