// A page that moves is asked for often, one that rests is not, and a tab that nobody sees asks for nothing.
import { QueryClient, QueryObserver, focusManager } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stubServer } from '../../test-tools';
import type { GateStatus } from './model';
import { gateQuery } from './queries';
import { gate, service } from './sample';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  focusManager.setFocused(undefined);
  vi.useRealTimers();
});

async function askedIn(seconds: number, status: GateStatus): Promise<number> {
  const requests = stubServer(() => ({ status: 200, body: status }));
  const client = new QueryClient();
  const stop = new QueryObserver(client, gateQuery).subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(seconds * 1000 + 500);
  stop();
  client.clear();
  return requests.length - 1;
}

it.each([
  ['while a rollout runs, each second', gate(service()), 10],
  ['while nothing moves, every five', gate(service({ rollout: null })), 2],
  ['while there is no gate, as often', { is_open: false, at: null, services: [] }, 2],
])('%s', async (_, status, times) => {
  expect(await askedIn(10, status)).toBe(times);
});

it('in a hidden tab never', async () => {
  focusManager.setFocused(false);
  expect(await askedIn(10, gate(service()))).toBe(0);
});
