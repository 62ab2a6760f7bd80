// A gate in the eyes of one browser, in states that a real one comes to only after hours.
import type { Page } from '@playwright/test';

const SECOND = 1000;
const DAY = 86_400;

type Json = Record<string, unknown>;

const figures = (requests: number, bad: number) => ({ requests, bad });

function rule(name: string, allowed: number, more: Json = {}): Json {
  return {
    rule: name,
    allowed,
    resting: null,
    step: { candidate: figures(1204, 4), incumbent: figures(10_873, 31) },
    log10_evidence: 0.3,
    to_firing: 0.07,
    proof: {
      log10_evidence: 0.6,
      progress: 0.46,
      is_proven: false,
      least_requests: 210,
      about_requests: 338,
    },
    ...more,
  };
}

const proven = { proof: { log10_evidence: 1.6, progress: 1, is_proven: true } };

const visitors = {
  stream: 'visitors',
  pool: { used: 7, size: 20 },
  rules: [
    rule('errors', 0.02),
    rule('unauthorized', 0.05, proven),
    rule('slow', 0.05, { ...proven, to_firing: 0.31 }),
    rule('more_errors', 1.5, { proof: null, to_firing: 0.18 }),
    rule('slower', 1.25, { proof: null, resting: 'no_threshold' }),
    rule('pool', 0.95, { proof: null, to_firing: 0 }),
  ],
};

const plan = {
  steps: [10, 50, 100],
  holds: ['4h', '2h'],
  hold: '10m',
  soak: '15m',
  manual: false,
  check: '10s',
  check_limit: '5m',
  warm: '1day',
};

export function rollout(more: Json = {}): Json {
  return {
    id: '01990000-0000-7000-8000-000000000001',
    candidate: 'green',
    weight: 10,
    plan,
    phase: { at: { step: 0, held: { secs: 5443, nanos: 0 }, holding: 'time' } },
    paused: null,
    blocked: null,
    evidence: [visitors],
    ...more,
  };
}

const target = (address: string, condition = 'working', under_way = 0) => ({
  address,
  condition,
  under_way,
});

export function service(more: Json = {}): Json {
  return {
    name: 'app',
    live: 'blue',
    gate: 'open',
    gate_until: null,
    gate_message: null,
    slots: [
      {
        slot: 'blue',
        weight: 90,
        targets: [target('10.0.0.11:3000', 'working', 14), target('10.0.0.12:3000', 'left_alone')],
      },
      { slot: 'green', weight: 10, targets: [target('10.0.0.21:3000', 'warming', 1)] },
    ],
    rollout: rollout(),
    ...more,
  };
}

export const finding = {
  stream: 'visitors',
  rule: 'errors',
  allowed: 0.02,
  grounds: {
    requests: {
      seconds: 6,
      lately: { candidate: figures(41, 7), incumbent: figures(1358, 2) },
      step: { candidate: figures(410, 9), incumbent: figures(13_000, 21) },
      log10_evidence: 4.3617,
    },
  },
};

const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * SECOND).toISOString();

function wave(index: number, low: number, high: number): number {
  return Math.round(low + (high - low) * (0.5 + 0.5 * Math.sin(index / 17) * Math.cos(index / 7)));
}

/** So many pieces of time, up to now. */
function moments(count: number, seconds: number): Json[] {
  return Array.from({ length: count }, (_, index) => {
    const requests = wave(index, 40, 95) * seconds;
    const share = index > count / 3 ? 0.1 : 0;
    const point = (part: number, slower: number) => ({
      requests: Math.round(requests * part),
      errors: index % 23 === 0 ? Math.round(requests * part * 0.03) : 0,
      unauthorized: 0,
      p95_ms: part === 0 ? null : wave(index * 3, 80, 130) * slower,
    });
    return {
      at: at((count - index) * seconds),
      blue: point(1 - share, 1),
      green: point(share, 1.15),
    };
  });
}

const decided = (what: unknown, evidence: Json[] = []) => ({
  decided: { at: at(60), candidate: 'green', what, evidence },
});

const happened = [
  decided({ rolled_back: { from: 10, reason: { found: finding } } }, [visitors]),
  decided({ holding: { at: 10 } }, [visitors]),
  decided({ probing: { requests: 12, lacking: 1380 } }, [visitors]),
  { reopened: { by: null } },
  { paused: { by: 'root', until: at(-60) } },
  decided({ weight: { from: 0, to: 10, why: 'healthy' } }, [visitors]),
  decided({ began: { service: 'app', by: 'user 1000 of this machine' } }),
];

const history = happened.map((event, index) => ({
  sentence: 'In the gate’s words.',
  record: {
    number: 90 - index,
    at: at(200 + index * 1900),
    service: 'app',
    happened: event,
  },
}));

/** Answers as a gate with these services would; without any, as if none were open. */
export async function pretendGate(page: Page, services?: readonly Json[]): Promise<void> {
  const status = { is_open: services !== undefined, at: at(0), services: services ?? [] };
  await page.route('**/api/admin/edge', (route) => route.fulfill({ json: status }));
  await page.route('**/api/admin/edge/series?*', (route) => {
    const query = new URL(route.request().url()).searchParams;
    if (query.has('after')) return route.fulfill({ json: { moments: [] } });
    const all = query.get('by') === 'minute' ? moments(DAY / 60, 60) : moments(600, 1);
    return route.fulfill({ json: { moments: all } });
  });
  await page.route('**/api/admin/edge/history?*', (route) =>
    route.fulfill({ json: { records: history, next: 12 } }),
  );
}
