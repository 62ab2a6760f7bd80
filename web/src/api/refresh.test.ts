// An access cookie that has run out is renewed once, whoever notices, and the request repeated.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { problemBody } from '../test-tools';
import { withFreshSession } from './refresh';
import { isNobodyExpected, rememberRenewal, SESSION_HINT } from './session-hint';

const REFRESH = '/api/auth/refresh';

function answer(status: number, body: object = {}) {
  return new Response(JSON.stringify(body), { status });
}

const refused = (code: string) => answer(401, problemBody(401, code));

/** A server whose access cookie has run out, and which renews as told. */
function server(refresh: () => Response | Promise<Response>) {
  let isFresh = false;
  const sent: string[] = [];
  const send = vi.fn(async (request: Request) => {
    const { pathname } = new URL(request.url);
    const body = await request.text();
    sent.push(`${request.method} ${pathname} ${body}`.trim());
    if (pathname !== REFRESH) return isFresh ? answer(200) : refused('unauthenticated');
    const renewed = await refresh();
    isFresh = renewed.ok;
    return renewed;
  });
  return { send, sent, renewElsewhere: () => (isFresh = true) };
}

const request = (method = 'GET', body: string | null = null) =>
  new Request(`${location.origin}/api/auth/tokens`, { method, body });

describe('a session that must be renewed', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] });
    return () => {
      vi.useRealTimers();
    };
  });

  it('is renewed, and the request sent again with its body', async () => {
    const { send, sent } = server(() => answer(200));
    const result = await withFreshSession(request('POST', '{"name":"a"}'), send);
    expect(result.status).toBe(200);
    expect(sent).toEqual([
      'POST /api/auth/tokens {"name":"a"}',
      `POST ${REFRESH}`,
      'POST /api/auth/tokens {"name":"a"}',
    ]);
    expect(localStorage.getItem(SESSION_HINT)).toBe('1000000');
  });

  it('is renewed once for many requests', async () => {
    const { send, sent } = server(() => answer(200));
    const all = [request(), request(), request()].map((each) => withFreshSession(each, send));
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(sent.filter((line) => line.includes(REFRESH))).toHaveLength(1);
  });

  it('waits its turn among the tabs, and does nothing when another was faster', async () => {
    const { send, sent, renewElsewhere } = server(() => answer(200));
    const names: string[] = [];
    vi.stubGlobal('navigator', {
      locks: {
        request: async (name: string, work: () => Promise<unknown>) => {
          names.push(name);
          vi.setSystemTime(1_000_100);
          renewElsewhere();
          localStorage.setItem(SESSION_HINT, '1000050');
          return work();
        },
      },
    });
    expect((await withFreshSession(request(), send)).status).toBe(200);
    expect(names).toEqual(['mainstay.refresh']);
    expect(sent.filter((line) => line.includes(REFRESH))).toEqual([]);
  });

  it('has ended when it cannot be renewed', async () => {
    rememberRenewal();
    vi.setSystemTime(1_500_000);
    const { send, sent } = server(() => refused('unauthenticated'));
    const result = await withFreshSession(request(), send);
    expect(await result.json()).toMatchObject({ code: 'unauthenticated' });
    expect(sent).toHaveLength(2);
    expect(isNobodyExpected()).toBe(true);
  });

  it('has not ended because the server is busy', async () => {
    const { send } = server(() => answer(503, problemBody(503, 'busy')));
    const result = await withFreshSession(request(), send);
    expect(result.status).toBe(503);
    expect(isNobodyExpected()).toBe(false);
  });

  it('has not ended because the network is away', async () => {
    const { send } = server(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(withFreshSession(request(), send)).rejects.toThrow(TypeError);
    expect(isNobodyExpected()).toBe(false);
  });
});

it.each(['invalid_credentials', 'sign_in_expired'])(
  'a refusal called %s is an answer',
  async (code) => {
    const send = vi.fn(() => Promise.resolve(refused(code)));
    const result = await withFreshSession(request('POST', '{}'), send);
    expect(await result.json()).toMatchObject({ code });
    expect(send).toHaveBeenCalledTimes(1);
  },
);
