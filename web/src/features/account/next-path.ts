// Where to go after signing in. Only a path on this very origin is trusted.

import type { Me } from '../../api/client';

export const DEFAULT_NEXT = '/account';
export const SECURITY = '/account/security';

/** Whether the rules of this installation ask for a second factor that is not there yet. */
export function mustEnrol(me: Me): boolean {
  return me.second_factor_required && !me.second_factor;
}

/** Whoever must set up a second factor first can do nothing else, so they are led there. */
export function afterSignIn(me: Me, wanted: unknown): string {
  return mustEnrol(me) ? SECURITY : safeNext(wanted);
}

export function safeNext(wanted: unknown, origin: string = location.origin): string {
  // One leading slash: `//host` and `/\host` both name another host.
  if (typeof wanted !== 'string' || !/^\/(?![/\\])/.test(wanted)) return DEFAULT_NEXT;
  if (!URL.canParse(wanted, origin)) return DEFAULT_NEXT;
  const url = new URL(wanted, origin);
  if (url.origin !== origin || url.pathname === '/sign-in') return DEFAULT_NEXT;
  return url.pathname + url.search + url.hash;
}
