// Whatever the gate decides is told in words, in both languages, and names both releases by their slots.
import i18next from 'i18next';
import { afterEach, describe, expect, it } from 'vitest';
import { evidenceText } from './evidence-text';
import { eventWords } from './event-words';
import type { Finding, GateEvent, What } from './model';
import { evidence } from './sample';
import { holdWords, percent } from './words';

const { t } = i18next;

const finding: Finding = {
  stream: 'visitors',
  rule: 'errors',
  allowed: 0.02,
  grounds: {
    requests: {
      seconds: 6,
      lately: {
        candidate: { requests: 41, bad: 7 },
        incumbent: { requests: 1358, bad: 2 },
      },
      step: { candidate: { requests: 410, bad: 9 }, incumbent: { requests: 3000, bad: 4 } },
      log10_evidence: 4.3617,
    },
  },
};

const pool: Finding = {
  ...finding,
  rule: 'pool',
  allowed: 0.95,
  grounds: { pool: { looks: [{ used: 10, size: 10 }] } },
};

const decided = (what: What): GateEvent => ({
  decided: { at: '2026-11-22T12:00:00Z', candidate: 'green', what, evidence: [] },
});

const warm = '2026-11-23T12:00:00Z';

const events: [GateEvent, string][] = [
  [decided({ began: { service: 'app', by: 'ada' } }), 'Rollout of Green began'],
  [decided({ weight: { from: 0, to: 10, why: 'healthy' } }), 'Green gets 10% of the visitors'],
  [decided({ weight: { from: 10, to: 50, why: { proven: { by: 'probes' } } } }), 'Green gets 50%'],
  [
    decided({ weight: { from: 10, to: 50, why: { promoted: { by: 'ada', is_proven: false } } } }),
    'Green gets 50%',
  ],
  [decided({ holding: { at: 10 } }), 'Green stays at 10% until it is proven'],
  [decided({ gate: { at: 10 } }), 'Green waits at 10%'],
  [decided({ probing: { requests: 12, lacking: 80 } }), 'Too few visitors come to Green'],
  [decided({ paused: { by: 'ada' } }), 'Rollout paused'],
  [decided({ resumed: { by: 'ada' } }), 'Rollout goes on'],
  [decided({ blocked: { reason: 'down' } }), 'Green should be taken back, and Blue'],
  [decided({ rolled_back: { from: 10, reason: { found: finding } } }), 'Green was taken back'],
  [decided({ rolled_back: { from: 0, reason: 'never_healthy' } }), 'Green was taken back'],
  [decided({ rolled_back: { from: 100, reason: { ordered: { by: 'ada' } } } }), 'from 100%'],
  [decided({ completed: { warm_until: warm, why: { proven: { by: 'visitors' } } } }), 'taken over'],
  [decided('let_go'), 'Blue is not kept any longer'],
  [decided({ aborted: { from: 50, by: 'ada' } }), 'Rollout ended at 50%'],
  [{ closed: { by: 'ada', until: warm, message: null } }, 'Closed for maintenance'],
  [{ paused: { by: 'ada', until: warm } }, 'Requests wait at the gate'],
  [{ reopened: { by: 'ada' } }, 'Visitors come in again'],
  [{ reopened: { by: null } }, 'Visitors come in again'],
  [{ untold: { record: 12 } }, 'A hook did not take a decision'],
];

afterEach(() => i18next.changeLanguage('en'));

describe('what happened', () => {
  it.each(events)('%j', async (event, words) => {
    expect(eventWords(t, event, 'en').title).toContain(words);
    await i18next.changeLanguage('de');
    const told = eventWords(t, event, 'de');
    for (const text of [told.title, ...told.facts]) {
      expect(text).not.toMatch(/admin\.|\{\{|undefined|NaN/);
    }
    expect(told.title).not.toContain(words);
  });

  it('says what a judge has found', () => {
    const event = decided({ rolled_back: { from: 10, reason: { found: finding } } });
    expect(eventWords(t, event, 'en').facts).toEqual([
      'Failed requests: Green had 7 of 41 in 6 seconds (at most 2%). The evidence is 23,000 to 1.',
    ]);
    const full = decided({ blocked: { reason: { found: pool } } });
    expect(eventWords(t, full, 'en').facts).toEqual([
      'Database connections in use: Green held 10 of 10 (at most 95%).',
    ]);
  });
});

describe('what the audit log has kept', () => {
  // Fractions are kept as text there.
  const kept = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, one: unknown) =>
      typeof one === 'number' && !Number.isInteger(one) ? String(one) : one,
    );

  it('is told rule by rule', () => {
    const text = evidenceText(t, kept([evidence]), 'green');
    expect(text).toContain('Failed requests: 3 of 410, Speaks against it 12%, Proven 40%');
    expect(text.split(' · ').length).toBe(3);
  });

  it('tells what was found', () => {
    expect(evidenceText(t, kept(finding), 'blue')).toContain('Blue had 7 of 41');
    expect(evidenceText(t, kept(pool), 'green')).toContain('Green held 10 of 10');
  });

  it.each([null, 'x', { rule: 'charm' }, [{ rules: [{ rule: 'errors' }] }]])(
    'is told as it is when it is of another kind: %j',
    (value) => {
      expect(evidenceText(t, value, undefined)).toBe(JSON.stringify(value));
    },
  );
});

describe('numbers', () => {
  it.each([
    [0, '0%'],
    [0.02, '2%'],
    [0.0012, '0.12%'],
    [0.034, '3.4%'],
    [0.5, '50%'],
    [1, '100%'],
  ])('%d as a share is %s', (share, words) => {
    expect(percent(share, 'en')).toBe(words);
  });

  it.each([
    [0, '0 sec'],
    [75, '1 min 15 secs'],
    [14_400, '4 hrs'],
    [90_061, '1 day 1 hr'],
  ])('%i seconds are %s', (seconds, words) => {
    expect(holdWords(seconds, 'en').replaceAll(/s\b/g, '')).toBe(words.replaceAll(/s\b/g, ''));
  });
});
