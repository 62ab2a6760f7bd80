// The plan of a rollout: what somebody typed, and the steps that come of it. The server decides; this tells sooner.
import type { Plan } from './model';

export type Step = { share: number; hold: number };

/** In seconds, by the units that the server writes and people type. */
const units: Record<string, number> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/** `1h 30m` in seconds; `undefined` for what is no length of time. */
export function parsePeriod(text: string): number | undefined {
  const pieces = [...text.trim().matchAll(/(\d{1,9})\s*([a-z]+)\s*/gy)];
  const read = pieces.map(([piece]) => piece).join('');
  if (pieces.length === 0 || read.length !== text.trim().length) return undefined;
  let sum = 0;
  for (const [, count = '', unit = ''] of pieces) {
    const length = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (length === undefined) return undefined;
    sum += Number(count) * length;
  }
  return sum;
}

export function listed(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((piece) => piece.trim());
}

/** `10, 50 %, 100` as numbers; `undefined` for what does not grow to 100. */
export function parseSteps(text: string): number[] | undefined {
  const steps = listed(text).map((piece) =>
    Number(/^(\d{1,3})\s*%?$/.exec(piece)?.[1] ?? Number.NaN),
  );
  const grow = steps.every((step, index) => step > (steps[index - 1] ?? 0));
  return steps.length > 0 && grow && steps.at(-1) === 100 ? steps : undefined;
}

export type PlanText = { steps: string; holds: string; soak: string };

/** What is wrong with a plan, by field; the values are codes that have words. */
export function planMistakes({ steps, holds, soak }: PlanText): Partial<PlanText> {
  const shares = parseSteps(steps);
  const times = listed(holds);
  const mistakes: Partial<PlanText> = {};
  if (!shares) mistakes.steps = 'grow';
  if (times.some((time) => parsePeriod(time) === undefined)) mistakes.holds = 'period';
  else if (shares && times.length > 0 && times.length !== shares.length - 1) {
    mistakes.holds = 'count';
  }
  if (parsePeriod(soak) === undefined) mistakes.soak = 'period';
  return mistakes;
}

/** As the server takes it. What is left out it fills in, which its description has no type for. */
export function planOf({ steps, holds, soak }: PlanText, manual: boolean): Plan {
  const plan = { steps: parseSteps(steps) ?? [], holds: listed(holds), soak: soak.trim(), manual };
  return plan as Plan;
}

const DEFAULT_HOLD = 600;
const DEFAULT_SOAK = 900;

/** The steps of a plan, the soak last. */
export function stepsOf({
  steps,
  holds,
  hold,
  soak,
}: Partial<Plan> & Pick<Plan, 'steps' | 'holds'>): Step[] {
  const usual = parsePeriod(hold ?? '') ?? DEFAULT_HOLD;
  const last = parsePeriod(holds[steps.length - 1] ?? soak ?? '') ?? DEFAULT_SOAK;
  return steps.map((share, index) => {
    const own = holds.length > 0 ? parsePeriod(holds[index] ?? '') : usual;
    return { share, hold: index === steps.length - 1 ? last : (own ?? usual) };
  });
}
