// Who is signed in is asked of the server, unless this browser knows that nobody is.
import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { api, unwrap, type Me } from '../../api/client';
import { isNobodyExpected, renewedSince } from '../../api/session-hint';
import { problemBody, stubServer } from '../../test-tools';
import { endHere, meQuery, watchSession } from './queries';

const ask = () => new QueryClient().query(meQuery);
const nobody = () => ({ status: 401, body: problemBody(401, 'unauthenticated') });
const paths = (requests: { path: string }[]) => requests.map(({ path }) => path);

describe('who is signed in', () => {
  it('is asked once of a new visitor, then remembered', async () => {
    const requests = stubServer(nobody);
    expect(await ask()).toBeNull();
    expect(paths(requests)).toEqual(['/api/auth/me', '/api/auth/refresh']);
    expect(isNobodyExpected()).toBe(true);
    expect(await ask()).toBeNull();
    expect(requests).toHaveLength(2);
  });

  it('is what the server says, and noted', async () => {
    stubServer(() => ({ status: 200, body: { username: 'ada' } }));
    expect(await ask()).toEqual({ username: 'ada' });
    expect(renewedSince(0)).toBe(true);
  });

  it('is not known when the server cannot say', async () => {
    stubServer((path) =>
      path === '/api/auth/me' ? nobody() : { status: 500, body: problemBody(500, 'internal') },
    );
    await expect(ask()).rejects.toMatchObject({ code: 'internal' });
    expect(isNobodyExpected()).toBe(false);
  });

  it('is nobody as soon as any request is told so', async () => {
    const client = new QueryClient();
    watchSession(client);
    client.setQueryData(meQuery.queryKey, { username: 'ada' } as Me);
    client.setQueryData(['passkeys'], ['one']);
    stubServer(nobody);
    await expect(unwrap(api.DELETE('/api/auth/sessions'))).rejects.toMatchObject({ status: 401 });
    expect(client.getQueryData(meQuery.queryKey)).toBeNull();
    expect(client.getQueryData(['passkeys'])).toBeUndefined();
  });

  it('is nobody after signing out, and everything private is forgotten', async () => {
    const client = new QueryClient();
    client.setQueryData(['passkeys'], ['one']);
    client.setQueryData(['app'], { development_mailbox: true });
    endHere(client);
    expect(client.getQueryData(['passkeys'])).toBeUndefined();
    expect(client.getQueryData(['app'])).toBeDefined();
    expect(await client.query(meQuery)).toBeNull();
  });
});
