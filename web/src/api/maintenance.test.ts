// How a page learns that changes wait, and that they no longer do.
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problemBody, stubServer } from '../test-tools';
import { api, unwrap } from './client';
import { maintenanceQuery, watchMaintenance, type Maintenance } from './maintenance';

const PATH = '/api/maintenance';
const open: Maintenance = { active: false };
const closed: Maintenance = { active: true, since: '2026-11-22T18:00:00Z' };

let state: Maintenance;
let client: QueryClient;
let asked: () => number;
let stop: () => void;

const known = () => client.getQueryData(maintenanceQuery.queryKey);
const after = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const change = () => unwrap(api.POST('/api/auth/logout'));

beforeEach(async () => {
  vi.useFakeTimers();
  state = open;
  const requests = stubServer((path) => {
    if (path === PATH) return { status: 200, body: state };
    return state.active
      ? { status: 503, body: problemBody(503, 'maintenance'), headers: { 'retry-after': '60' } }
      : { status: 204 };
  });
  asked = () => requests.filter(({ path }) => path === PATH).length;
  client = new QueryClient();
  client.mount();
  const unwatch = watchMaintenance(client);
  const unsubscribe = new QueryObserver(client, maintenanceQuery).subscribe(() => undefined);
  stop = () => {
    unwatch();
    unsubscribe();
  };
  await after(0);
});

afterEach(() => {
  stop();
  client.clear();
  client.unmount();
  vi.useRealTimers();
});

describe('whether changes wait', () => {
  it('is asked once while all is well', async () => {
    expect(known()).toEqual(open);
    await after(600_000);
    expect(asked()).toBe(1);
  });

  it('is asked when a change is refused, and known before the refusal is', async () => {
    state = closed;
    const refused = change().catch(() => known()?.active);
    await after(0);
    expect(await refused).toBe(true);
    await after(0);
    expect(known()).toEqual(closed);
    expect(asked()).toBe(2);
  });

  it('is asked every half minute until it ends', async () => {
    state = closed;
    await change().catch(() => undefined);
    await after(30_000);
    await after(30_000);
    expect(asked()).toBe(4);
    state = open;
    await after(30_000);
    expect(known()).toEqual(open);
    await after(600_000);
    expect(asked()).toBe(5);
  });

  it('is asked when somebody comes back after a minute', async () => {
    await after(59_000);
    dispatchEvent(new Event('focus'));
    await after(0);
    expect(asked()).toBe(1);
    await after(2_000);
    dispatchEvent(new Event('focus'));
    await after(0);
    expect(asked()).toBe(2);
  });

  it('is not asked because of other trouble', async () => {
    stubServer(() => ({ status: 503, body: problemBody(503, 'busy') }));
    await change().catch(() => undefined);
    await after(0);
    expect(known()).toEqual(open);
  });
});
