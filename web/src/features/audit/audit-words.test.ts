// Everything in the log can be looked for, and is told in words.
import i18next from 'i18next';
import { afterEach, describe, expect, it } from 'vitest';
import { actions } from '../security/activity-words';
import { actionName, groups } from './actions';
import { auditDetails } from './details';
import type { AuditEntry } from './model';
import { toWhom, whoDid } from './who';

const { t } = i18next;
const ada = { id: '1', username: 'ada' };
const grace = { id: '2', username: 'grace' };

function entry(more: Record<string, unknown> = {}): AuditEntry {
  return {
    id: '1',
    at: '2026-05-03T10:00:00Z',
    action: 'sign_in',
    outcome: 'success',
    by_operator: false,
    details: {},
    ...more,
  };
}

const details = (told: unknown) =>
  auditDetails(t, entry({ details: told })).map(({ name, value }) => `${name}: ${value}`);

afterEach(() => i18next.changeLanguage('en'));

describe('actions', () => {
  it('stand in one group each', () => {
    const grouped = Object.values(groups).flat();
    expect([...grouped].sort()).toEqual([...actions].sort());
  });

  it.each(['en', 'de'])('have names of their own, in %s', async (language) => {
    await i18next.changeLanguage(language);
    const names = actions.map((action) => actionName(t, action));
    expect(names.filter((name) => name.includes('_'))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('that a newer server knows are named as it names them', () => {
    expect(actionName(t, 'moon_landing')).toContain('moon_landing');
  });
});

describe('details', () => {
  it('are told in words', () => {
    expect(details({ method: 'password_and_code', session: 's-1' })).toEqual([
      'Signed in with: a password and a code',
      'Session: s-1',
    ]);
    expect(details({ to: 'admin', from: 'user' })).toEqual([
      'Before: Member',
      'After: Administrator',
    ]);
    expect(details({ scopes: ['read', 'write'], name: 'read' })).toEqual([
      'Name: read',
      'Allowed to: Read, Write',
    ]);
    expect(details({ scopes: 'read write moon' })).toEqual(['Allowed to: Read, Write, moon']);
    expect(details({ scopes: 'admin' })).toEqual(['Allowed to: Administer']);
    expect(details({ limit: 'api_user', allowed: '20 per 1s, burst 200' })).toEqual([
      'What is limited: requests of one person',
      'Allowed: 20 in 1 second, at most 200 at once',
    ]);
    expect(details({ reason: 'forbidden', request: 'GET /api/admin/users' })).toEqual([
      'Request: GET /api/admin/users',
      'Reason: the role, or the way of signing in, does not permit it',
    ]);
    expect(details({ everybody: true, ended: 3 })).toEqual([
      'Sessions ended: 3',
      'Everybody’s: yes',
    ]);
    expect(details({ service: 'app', order: 'promote', candidate: 'green', by: 'ada' })).toEqual([
      'Application: app',
      'Order: go to the next step',
      'Ordered by: ada',
      'New release in: green',
    ]);
    expect(details({ purpose: 'signing' })[0]).toContain('sign what people prove');
  });

  it('that nobody has words for are told as they are', () => {
    expect(details({ craft: 'Eagle', crew: [], wind: { kmh: 3 }, moon: null, ok: false })).toEqual([
      'craft: Eagle',
      'crew: not given',
      'wind: {"kmh":3}',
      'moon: not given',
      'ok: no',
    ]);
    expect(details({ method: 'toString', reason: 'whim', toString: 1 })).toEqual([
      'Signed in with: toString',
      'Reason: whim',
      'toString: 1',
    ]);
  });

  it('tell of times as such', () => {
    const until = (value: unknown) => auditDetails(t, entry({ details: { until: value } }));
    expect(until('2026-11-22T18:00:00Z')).toEqual([
      { name: 'Expected until', value: '2026-11-22T18:00:00Z', isMoment: true, isMessage: false },
    ]);
    expect(until('the cows come home')).toMatchObject([{ isMoment: false }]);
    expect(until(null)).toMatchObject([{ value: 'not given', isMoment: false }]);
  });

  it.each(['happened_at', 'warm_until'])('tell of %s as a time', (key) => {
    const told = auditDetails(t, entry({ details: { [key]: '2026-11-22T18:00:00Z' } }));
    expect(told).toMatchObject([{ isMoment: true }]);
  });

  it('tell of messages as such', () => {
    const message = (value: unknown) => auditDetails(t, entry({ details: { message: value } }));
    expect(message('back at <b>noon</b>')).toMatchObject([{ isMessage: true }]);
    expect(message(null)).toMatchObject([{ value: 'not given', isMessage: false }]);
  });

  it('may be missing', () => {
    expect(details(null)).toEqual([]);
    expect(details(undefined)).toEqual([]);
  });
});

describe('who did it', () => {
  it.each([
    [{ by: ada }, ada],
    [{ by_operator: true }, 'operator'],
    [{ action: 'ledger_drop' }, 'program'],
    [{ action: 'person_forget' }, 'program'],
    // The program renews keys that grew old; the operator does when they want to.
    [{ action: 'keys_rotate' }, 'program'],
    [{ action: 'keys_retire' }, 'program'],
    [{ action: 'keys_rotate', by_operator: true }, 'operator'],
    [{ action: 'keys_retire', by_operator: true }, 'operator'],
    [{ action: 'rollout_take_back' }, 'program'],
    [{ action: 'gate_history_break' }, 'program'],
    [{ by: ada, action: 'rollout_order' }, ada],
    [{ action: 'sign_in', outcome: 'failure' }, 'stranger'],
    [{ by: ada, action: 'keys_rotate' }, ada],
  ])('%j', (more, who) => {
    expect(whoDid(entry(more))).toEqual(who);
  });
});

describe('to whom', () => {
  it('is told where it was somebody else', () => {
    expect(toWhom(entry({ by: ada, about: grace }))).toEqual(grace);
    expect(toWhom(entry({ by: ada, about: ada }))).toBeUndefined();
    expect(toWhom(entry({ by: ada }))).toBeUndefined();
    expect(toWhom(entry({ about: ada }))).toEqual(ada);
  });

  it('is the person the log is narrowed down to, where an entry does not say', () => {
    expect(toWhom(entry({ by: grace }), ada)).toEqual(ada);
    expect(toWhom(entry({ by: ada }), ada)).toBeUndefined();
    expect(toWhom(entry({ by: ada, about: grace }), ada)).toEqual(grace);
    expect(toWhom(entry(), ada)).toEqual(ada);
  });
});
