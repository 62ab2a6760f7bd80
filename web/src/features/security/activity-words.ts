// What the record calls things, and what people call them.
import type { TFunction } from 'i18next';
import { settingsEn } from '../../i18n/settings/en';
import type { ActivityEntry } from './model';

export type KnownAction = keyof typeof settingsEn.settings.activity.words;

/** Every action the server records. */
export const actions = Object.keys(settingsEn.settings.activity.words) as KnownAction[];

export function activityWords(t: TFunction, { action, outcome }: ActivityEntry): string {
  const how = outcome === 'failure' ? 'failure' : 'success';
  if (isKnownAction(action)) return t(`settings.activity.words.${action}.${how}`);
  // A newer server may record what this page has no words for.
  return t('settings.activity.unknown', { action });
}

/** What it was about, where the record names it. */
export function activitySubject(t: TFunction, entry: ActivityEntry): string | undefined {
  // Records without details may lack even the empty object.
  const details = entry.details as Record<string, unknown> | null;
  const { name, from, to } = details ?? {};
  if (typeof name === 'string') return t('settings.activity.named', { name });
  if (typeof from === 'string' && typeof to === 'string') {
    return t('settings.activity.changed', { from: roleWords(t, from), to: roleWords(t, to) });
  }
  return undefined;
}

export type Subject =
  | 'entry'
  | 'door'
  | 'mail'
  | 'key'
  | 'shield'
  | 'token'
  | 'person'
  | 'box'
  | 'barrier'
  | 'book'
  | 'tools'
  | 'gate';

const subjects: [RegExp, Subject][] = [
  [/^(sign_in|reauthenticate)/, 'entry'],
  [/^(sign_out|session|refresh_)/, 'door'],
  [/^email_/, 'mail'],
  [/^(passkey_|password_|reset_|keys_)/, 'key'],
  [/^(second_|backup_|recover)/, 'shield'],
  [/^tokens?_/, 'token'],
  [/^data_/, 'box'],
  [/^(access_|csp_|rate_)/, 'barrier'],
  [/^(ledger_|person_forget)/, 'book'],
  [/^maintenance_/, 'tools'],
  [/^(gate|rollout)_/, 'gate'],
];

/** Which picture belongs to an action. */
export function subjectOf(action: string): Subject {
  return subjects.find(([pattern]) => pattern.test(action))?.[1] ?? 'person';
}

export function isKnownAction(action: string): action is KnownAction {
  return Object.hasOwn(settingsEn.settings.activity.words, action);
}

/** Roles have names of their own; everything else speaks for itself. */
export function roleWords(t: TFunction, value: string): string {
  const roles = ['user', 'instructor', 'admin'] as const;
  const role = roles.find((candidate) => candidate === value);
  return role ? t(`account.roles.${role}`) : value;
}
