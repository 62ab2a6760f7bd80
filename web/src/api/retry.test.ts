// Reads are asked again while trouble may pass; nothing else is.
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
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is sent once', async (method) => {
  const { pause } = pauses();
  const send = vi.fn(away);
  await expect(requestWithRetry(new Request(url, { method }), send, pause)).rejects.toThrow();
  expect(send).toHaveBeenCalledTimes(1);
});
