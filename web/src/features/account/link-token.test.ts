// Tokens leave the address bar at once.
import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { readToken, takeLinkToken, useLinkToken } from './link-token';

describe('readToken', () => {
  it.each([
    ['#token=abc', 'abc'],
    ['#a=b&token=abc', 'abc'],
    ['#token=', undefined],
    ['#other', undefined],
    ['', undefined],
  ])('%o holds %o', (hash, expected) => {
    expect(readToken(hash)).toBe(expected);
  });
});

describe('takeLinkToken', () => {
  it('removes the token from the address and hands it to its page only', () => {
    const verify = renderHook(() => useLinkToken('/verify-email'));
    const setup = renderHook(() => useLinkToken('/setup'));
    history.replaceState(null, '', '/verify-email?a=1#token=secret');

    act(takeLinkToken);

    expect(location.href).toBe(`${location.origin}/verify-email?a=1`);
    expect(verify.result.current).toBe('secret');
    expect(setup.result.current).toBeUndefined();
  });
});
