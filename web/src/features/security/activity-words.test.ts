// Everything that the record holds has words, in every language.
import i18next from 'i18next';
import { afterEach, describe, expect, it } from 'vitest';
import { actions, activitySubject, activityWords, subjectOf } from './activity-words';
import type { ActivityEntry } from './model';

// The API's list, written out: a word lost here would be a gap on the page.
const recorded = [
  'sign_in',
  'sign_in_second_step',
  'sign_out',
  'session_end',
  'sessions_end_others',
  'refresh_replay',
  'sign_up',
  'email_confirm',
  'email_change_request',
  'email_change',
  'email_set_by_operator',
  'password_change',
  'password_reset_request',
  'password_reset',
  'second_factor_enable',
  'second_factor_disable',
  'backup_codes_renew',
  'backup_code_use',
  'passkey_add',
  'passkey_rename',
  'passkey_remove',
  'token_create',
  'token_revoke',
  'reauthenticate',
  'account_delete',
  'data_export',
  'user_disable',
  'user_enable',
  'sessions_end_by_admin',
  'tokens_revoke_by_admin',
  'reset_start_by_admin',
  'recovery_start_by_admin',
  'recovery',
  'role_change',
  'keys_rotate',
  'keys_retire',
  'administrator_create',
  'access_refuse',
  'rate_limit_hit',
  'person_forget',
  'ledger_drop',
  'csp_reports_clear',
  'maintenance_start',
  'maintenance_end',
  'rollout_order',
  'gate_order',
  'rollout_begin',
  'rollout_share',
  'rollout_wait',
  'rollout_pause',
  'rollout_resume',
  'rollout_block',
  'rollout_take_back',
  'rollout_complete',
  'rollout_let_go',
  'rollout_abort',
  'gate_close',
  'gate_pause',
  'gate_open',
  'gate_hook_fail',
  'gate_history_break',
];

function entry(action: string, more: Partial<ActivityEntry> = {}): ActivityEntry {
  return {
    id: '1',
    at: '2026-05-03T10:00:00Z',
    action,
    outcome: 'success',
    by: null,
    by_operator: false,
    ip_address: null,
    browser: null,
    system: null,
    details: {},
    ...more,
  };
}

afterEach(() => i18next.changeLanguage('en'));

describe.each(['en', 'de'])('in %s', (language) => {
  it.each(recorded)('%s is told in words, whether it went well or badly', async (action) => {
    await i18next.changeLanguage(language);
    const { t } = i18next;
    const well = activityWords(t, entry(action));
    const badly = activityWords(t, entry(action, { outcome: 'failure' }));

    expect(well).not.toContain('_');
    expect(badly).not.toContain('_');
    expect(well).not.toBe(badly);
  });
});

it('nothing has words that is never recorded', () => {
  expect([...actions].sort()).toEqual([...recorded].sort());
});

describe('activity', () => {
  const { t } = i18next;

  it('has something to say about what it does not know', () => {
    expect(activityWords(t, entry('moon_landing'))).toContain('moon_landing');
    expect(activityWords(t, entry('toString'))).toContain('toString');
    expect(subjectOf('moon_landing')).toBe('person');
  });

  it('names what it was about', () => {
    expect(
      activitySubject(t, entry('token_create', { details: { name: 'Backup' } as never })),
    ).toBe('“Backup”');
  });

  it('names roles as people know them', () => {
    const change = entry('role_change', { details: { from: 'user', to: 'admin' } as never });
    expect(activitySubject(t, change)).toBe('from Member to Administrator');
  });

  it('says nothing about details it cannot read', () => {
    expect(
      activitySubject(t, entry('sign_in', { details: { method: 7 } as never })),
    ).toBeUndefined();
    // Older records have none at all.
    expect(activitySubject(t, entry('sign_in', { details: null as never }))).toBeUndefined();
  });

  it('has a picture for every kind', () => {
    expect(subjectOf('sign_in')).toBe('entry');
    expect(subjectOf('sign_out')).toBe('door');
    expect(subjectOf('sign_up')).toBe('person');
    expect(subjectOf('email_change')).toBe('mail');
    expect(subjectOf('passkey_add')).toBe('key');
    expect(subjectOf('second_factor_enable')).toBe('shield');
    expect(subjectOf('token_create')).toBe('token');
    expect(subjectOf('data_export')).toBe('box');
    expect(subjectOf('role_change')).toBe('person');
    expect(subjectOf('access_refuse')).toBe('barrier');
    expect(subjectOf('rate_limit_hit')).toBe('barrier');
    expect(subjectOf('csp_reports_clear')).toBe('barrier');
    expect(subjectOf('ledger_drop')).toBe('book');
    expect(subjectOf('person_forget')).toBe('book');
    expect(subjectOf('maintenance_start')).toBe('tools');
    expect(subjectOf('maintenance_end')).toBe('tools');
  });
});
