// A gate in the middle of a rollout, for tests.
import type { Evidence, GateStatus, Moment, Rollout, Service, Standing } from './model';

const figures = (requests: number, bad: number) => ({ requests, bad });

const standing = (more: Partial<Standing>): Standing => ({
  rule: 'errors',
  allowed: 0.02,
  resting: null,
  step: { candidate: figures(410, 3), incumbent: figures(3690, 12) },
  log10_evidence: 0.4,
  to_firing: 0.12,
  proof: {
    log10_evidence: 0.5,
    progress: 0.4,
    is_proven: false,
    least_requests: 90,
    about_requests: 123,
  },
  ...more,
});

export const evidence: Evidence = {
  stream: 'visitors',
  pool: { used: 3, size: 10 },
  rules: [
    standing({}),
    standing({
      rule: 'slow',
      allowed: 0.05,
      proof: { log10_evidence: 1.4, progress: 1, is_proven: true },
    }),
    standing({ rule: 'more_errors', allowed: 1.5, proof: null, resting: 'no_incumbent' }),
  ],
};

export const rollout: Rollout = {
  id: '01990000-0000-7000-8000-000000000001',
  candidate: 'green',
  weight: 10,
  plan: {
    steps: [10, 50, 100],
    holds: ['4h', '2h'],
    hold: '10m',
    soak: '15m',
    manual: false,
    check: '10s',
    check_limit: '5m',
    warm: '1day',
  },
  phase: { at: { step: 0, held: { secs: 5400, nanos: 0 }, holding: 'time' } },
  paused: null,
  blocked: null,
  evidence: [evidence],
};

const target = { condition: 'working', under_way: 2 } as const;

export function service(more: Partial<Service> = {}): Service {
  return {
    name: 'app',
    live: 'blue',
    gate: 'open',
    gate_until: null,
    gate_message: null,
    slots: [
      { slot: 'blue', weight: 90, targets: [{ ...target, address: '127.0.0.1:3000' }] },
      { slot: 'green', weight: 10, targets: [{ ...target, address: '127.0.0.1:3001' }] },
    ],
    rollout,
    ...more,
  };
}

export function gate(...services: Service[]): GateStatus {
  return { is_open: true, at: '2026-11-22T12:00:00Z', services };
}

/** A second each, the last one at noon. */
export function moments(count: number, errors = 0): Moment[] {
  const noon = Date.parse('2026-11-22T12:00:00Z');
  const point = (requests: number) => ({ requests, errors, unauthorized: 0, p95_ms: 40 });
  return Array.from({ length: count }, (_, index) => ({
    at: new Date(noon - (count - 1 - index) * 1000).toISOString(),
    blue: point(9),
    green: point(1),
  }));
}
