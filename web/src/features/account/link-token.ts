// One-time tokens arrive as `#token=…`, which browsers never send to a server. main.tsx loads this
// before anything else, so that the token leaves the address bar (and the history) at once. It is
// kept in memory only, together with the page it was meant for.
import { useSyncExternalStore } from 'react';

type Arrived = { path: string; token: string };

let arrived: Arrived | undefined;
const listeners = new Set<() => void>();

export function readToken(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');
  return token === null || token === '' ? undefined : token;
}

export function takeLinkToken(): void {
  const token = readToken(location.hash);
  if (token === undefined) return;
  arrived = { path: location.pathname, token };
  history.replaceState(history.state, '', location.pathname + location.search);
  for (const notify of listeners) notify();
}

export function watchLinkTokens(): void {
  takeLinkToken();
  // A second link pasted into an open page changes only the fragment.
  addEventListener('hashchange', takeLinkToken);
}

export function useLinkToken(path: string): string | undefined {
  return useSyncExternalStore(subscribe, () =>
    arrived?.path === path ? arrived.token : undefined,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
