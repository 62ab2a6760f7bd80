// Reads, and writes with a key, are asked again while trouble may pass; nothing else is.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { requestWithRetry } from './retry';

const url = 'https://home.example/api/app';
const ok = () => Promise.resolve(new Response('{}'));
const away = () => Promise.reject(new TypeError('Failed to fetch'));
const answers = (status: number, headers: Record<string, string> = {}) =>
  vi.fn(() => Promise.resolve(new Response(null, { status, headers })));

function pauses() {
  const waited: number[] = [];
  const pause = (milliseconds: number) => {
    waited.push(milliseconds);
    return Promise.resolve();
  };
  return { waited, pause };
}

describe('a read', () => {
  afterEach(() => vi.useRealTimers());

  it('is asked again after 1, 2 and 4 seconds, and a little chance', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { waited, pause } = pauses();
    const send = vi.fn(away);
    await expect(requestWithRetry(new Request(url), send, pause)).rejects.toThrow(TypeError);
    expect(send).toHaveBeenCalledTimes(4);
    expect(waited).toEqual([1150, 2150, 4150]);
  });

  it('gets the first answer that comes', async () => {
    const { waited, pause } = pauses();
    const send = vi.fn(ok).mockImplementationOnce(away);
    expect((await requestWithRetry(new Request(url), send, pause)).ok).toBe(true);
    expect(waited).toHaveLength(1);
  });

  it('waits as long as a busy server asks', async () => {
    const { waited, pause } = pauses();
    const send = answers(503, { 'retry-after': '7' });
    expect((await requestWithRetry(new Request(url), send, pause)).status).toBe(503);
    expect(waited).toEqual([7000, 7000, 7000]);
  });

  it('does not wait for minutes in silence', async () => {
    const { waited, pause } = pauses();
    const send = answers(503, { 'retry-after': '120' });
    expect((await requestWithRetry(new Request(url), send, pause)).status).toBe(503);
    expect(waited).toEqual([]);
  });

  it.each([200, 304, 400, 401, 403, 404, 409, 410, 429, 500])(
    'takes %i for an answer',
    async (status) => {
      const { pause } = pauses();
      const send = answers(status, { 'retry-after': '1' });
      await requestWithRetry(new Request(url), send, pause);
      expect(send).toHaveBeenCalledTimes(1);
    },
  );

  it('ends at once when the page no longer needs it', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const request = new Request(url, { signal: controller.signal });
    const outcome = requestWithRetry(request, vi.fn(away));
    const rejected = expect(outcome).rejects.toMatchObject({ name: 'AbortError' });
    await vi.advanceTimersByTimeAsync(500);
    controller.abort();
    await rejected;
  });

  it('is not asked again when the page goes away while it is asked', async () => {
    const { waited, pause } = pauses();
    const controller = new AbortController();
    const send = vi.fn(() => {
      controller.abort();
      return away();
    });
    const request = new Request(url, { signal: controller.signal });
    await expect(requestWithRetry(request, send, pause)).rejects.toThrow();
    expect(send).toHaveBeenCalledTimes(1);
    expect(waited).toEqual([]);
  });
});

describe('a write with a key', () => {
  const order = () =>
    new Request(url, { method: 'POST', body: 'an order', headers: { 'Idempotency-Key': '7' } });

  /** Answers as told, and keeps what came. */
  function server(...statuses: number[]) {
    const bodies: string[] = [];
    const send = async (request: Request) => {
      bodies.push(`${request.headers.get('idempotency-key') ?? ''} ${await request.text()}`);
      return new Response(null, { status: statuses[bodies.length - 1] ?? 200 });
    };
    return { bodies, send };
  }

  afterEach(() => vi.useRealTimers());

  it('is sent again after the same pauses, with the same key and body', async () => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { bodies, send } = server(503, 502, 504, 201);
    const outcome = requestWithRetry(order(), send);
    const sentAfter: number[] = [];
    for (const milliseconds of [999, 1, 1999, 1, 3999, 1]) {
      await vi.advanceTimersByTimeAsync(milliseconds);
      sentAfter.push(bodies.length);
    }
    expect(sentAfter).toEqual([1, 2, 2, 3, 3, 4]);
    expect((await outcome).status).toBe(201);
    expect(new Set(bodies)).toEqual(new Set(['7 an order']));
  });

  it.each([201, 400, 409, 422, 429, 500])('is over when the answer is %i', async (status) => {
    const { waited, pause } = pauses();
    const { bodies, send } = server(status);
    expect((await requestWithRetry(order(), send, pause)).status).toBe(status);
    expect(bodies).toHaveLength(1);
    expect(waited).toEqual([]);
  });
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is sent once', async (method) => {
  const { pause } = pauses();
  const send = vi.fn(away);
  await expect(requestWithRetry(new Request(url, { method }), send, pause)).rejects.toThrow();
  expect(send).toHaveBeenCalledTimes(1);
});
