// How far a rollout has come, as a page wants to know it.
import type { Phase, Rollout, Service } from './model';

type Span = { secs: number; nanos: number };

export type Stage =
  | { kind: 'checking'; healthy: number }
  | { kind: 'at'; step: number; held: number; holding: 'time' | 'evidence' | 'gate' }
  | { kind: 'completed'; warmUntil: string; isWarm: boolean }
  | { kind: 'rolledBack' }
  | { kind: 'aborted'; by: string };

export function stageOf(phase: Phase): Stage {
  if ('checking' in phase) return { kind: 'checking', healthy: seconds(phase.checking.healthy) };
  if ('at' in phase) {
    const { step, held, holding } = phase.at;
    return { kind: 'at', step, held: seconds(held), holding };
  }
  if ('completed' in phase) {
    const { warm_until: warmUntil, is_warm: isWarm } = phase.completed;
    return { kind: 'completed', warmUntil, isWarm };
  }
  return 'aborted' in phase ? { kind: 'aborted', by: phase.aborted.by } : { kind: 'rolledBack' };
}

function seconds({ secs }: Span): number {
  return secs;
}

export function isRunning(rollout: Rollout | null | undefined): rollout is Rollout {
  return rollout != null && ('checking' in rollout.phase || 'at' in rollout.phase);
}

/** Changes whenever something may have been decided: then there is more to read in the history. */
export function signature({ gate, gate_until, gate_message, rollout }: Service): string {
  if (!rollout) return JSON.stringify([gate, gate_until, gate_message]);
  const { id, weight, phase, paused, blocked, evidence } = rollout;
  const stage = stageOf(phase);
  const holding = stage.kind === 'at' ? [stage.step, stage.holding] : [];
  const isWarm = stage.kind === 'completed' && stage.isWarm;
  const state = [stage.kind, holding, isWarm, paused?.since, blocked != null, evidence.length];
  return JSON.stringify([gate, gate_until, gate_message, id, weight, state]);
}
