// What else an entry tells, as names and values that people can read. Nothing is left out.
import type { TFunction } from 'i18next';
import { auditEn } from '../../i18n/settings/audit-en';
import { roleWords } from '../security/activity-words';
import { evidenceText } from '../releases/evidence-text';
import type { AuditEntry } from './model';
import { quotaWords } from './quota-words';

export type Detail = {
  name: string;
  value: string;
  /** A time, to be told as times are. */ isMoment: boolean;
  /** A message with markup. */ isMessage: boolean;
};

type KnownName = keyof typeof auditEn.detail;

const known = Object.keys(auditEn.detail);

const moments = new Set(['until', 'happened_at', 'warm_until']);

/** What is known in the order of its words, what is not behind it: databases keep none. */
export function auditDetails(t: TFunction, { details }: AuditEntry): Detail[] {
  // Records without details may lack even the empty object.
  const all = Object.entries((details as Record<string, unknown> | null) ?? {});
  const candidate = all.find(([key]) => key === 'candidate')?.[1];
  const told = all.toSorted(([one], [other]) => rank(one) - rank(other));
  return told.map(([key, value]) => ({
    name: isNamed(key) ? t(`admin.audit.detail.${key}`) : key,
    value:
      key === 'evidence' || key === 'finding'
        ? evidenceText(t, value, candidate)
        : valueWords(t, key, value),
    isMoment: moments.has(key) && typeof value === 'string' && !Number.isNaN(Date.parse(value)),
    isMessage: key === 'message' && typeof value === 'string',
  }));
}

function valueWords(t: TFunction, key: string, value: unknown): string {
  if (value === null) return t('admin.audit.value.none');
  if (typeof value === 'boolean') return t(`admin.audit.value.${value ? 'yes' : 'no'}`);
  if (Array.isArray(value)) {
    const words = value.map((one: unknown) => valueWords(t, key, one)).join(', ');
    return words === '' ? t('admin.audit.value.none') : words;
  }
  if (typeof value === 'string') return inWords(t, key, value);
  return JSON.stringify(value);
}

/** Some words of the record have better ones; everything else speaks for itself. */
function inWords(t: TFunction, key: string, value: string): string {
  const { method, reason, purpose, limit, order, slot } = auditEn.value;
  if (key === 'method' && isIn(method, value)) return t(`admin.audit.value.method.${value}`);
  if (key === 'reason' && isIn(reason, value)) return t(`admin.audit.value.reason.${value}`);
  if (key === 'purpose' && isIn(purpose, value)) return t(`admin.audit.value.purpose.${value}`);
  if (key === 'limit' && isIn(limit, value)) return t(`admin.audit.value.limit.${value}`);
  if (key === 'order' && isIn(order, value)) return t(`admin.audit.value.order.${value}`);
  if (key === 'candidate' && isIn(slot, value)) return t(`admin.audit.value.slot.${value}`);
  if (key === 'allowed') return quotaWords(t, value);
  if (key === 'scopes') return scopesWords(t, value);
  return key === 'from' || key === 'to' ? roleWords(t, value) : value;
}

/** The server writes several with a blank between them. */
function scopesWords(t: TFunction, scopes: string): string {
  const scopeWords = (scope: string) =>
    scope === 'read' || scope === 'write' || scope === 'admin'
      ? t(`settings.tokens.scope.${scope}`)
      : scope;
  return scopes.split(' ').map(scopeWords).join(', ');
}

function rank(key: string): number {
  return isNamed(key) ? known.indexOf(key) : known.length;
}

function isNamed(key: string): key is KnownName {
  return isIn(auditEn.detail, key);
}

function isIn<T extends object>(words: T, key: string): key is keyof T & string {
  return Object.hasOwn(words, key);
}
