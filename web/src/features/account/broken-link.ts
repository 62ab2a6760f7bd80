// The three ways a one-time link can fail for good.

export type BrokenLink = 'invalid' | 'expired' | 'used';

const kinds: Record<string, BrokenLink> = {
  link_invalid: 'invalid',
  link_expired: 'expired',
  link_used: 'used',
};

/** Anything else (a busy server, say) leaves the link worth another try. */
export function brokenLink(code: string | undefined): BrokenLink | undefined {
  return code === undefined ? undefined : kinds[code];
}
