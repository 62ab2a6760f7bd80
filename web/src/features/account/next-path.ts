// Where to go after signing in. Only a path on this very origin is trusted.

export const DEFAULT_NEXT = '/account';

export function safeNext(wanted: unknown, origin: string = location.origin): string {
  // One leading slash: `//host` and `/\host` both name another host.
  if (typeof wanted !== 'string' || !/^\/(?![/\\])/.test(wanted)) return DEFAULT_NEXT;
  if (!URL.canParse(wanted, origin)) return DEFAULT_NEXT;
  const url = new URL(wanted, origin);
  if (url.origin !== origin || url.pathname === '/sign-in') return DEFAULT_NEXT;
  return url.pathname + url.search + url.hash;
}
