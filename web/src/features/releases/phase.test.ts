// A page notices that something was decided, and is not restless while nothing is.
import { describe, expect, it } from 'vitest';
import { isRunning, signature, stageOf } from './phase';
import { rollout, service } from './sample';

const held = (secs: number) => ({
  at: { step: 0, held: { secs, nanos: 0 }, holding: 'time' as const },
});

describe('the signature', () => {
  it('stays while time goes by', () => {
    const one = service({ rollout: { ...rollout, phase: held(1) } });
    expect(signature(service({ rollout: { ...rollout, phase: held(9) } }))).toBe(signature(one));
  });

  it.each([
    { gate: 'closed' as const },
    { rollout: null },
    { rollout: { ...rollout, weight: 50 } },
    { rollout: { ...rollout, paused: { since: 'x', by: 'ada' } } },
    { rollout: { ...rollout, blocked: 'down' as const } },
    { rollout: { ...rollout, phase: { aborted: { at: 'x', by: 'ada' } } } },
  ])('differs with %j', (more) => {
    expect(signature(service(more))).not.toBe(signature(service()));
  });
});

it('a rollout runs until it is over', () => {
  expect(isRunning(rollout)).toBe(true);
  expect(isRunning(null)).toBe(false);
  const over = { ...rollout, phase: { rolled_back: { at: 'x', reason: 'down' as const } } };
  expect(isRunning(over)).toBe(false);
  expect(stageOf(over.phase)).toEqual({ kind: 'rolledBack' });
});
