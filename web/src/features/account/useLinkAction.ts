// Runs what a one-time link is for, and keeps apart a link that is broken for good.
import { useState } from 'react';
import { Problem } from '../../api/problem';
import { brokenLink, type BrokenLink } from './broken-link';
import { useLinkToken } from './link-token';

export function useLinkAction(path: string) {
  const token = useLinkToken(path);
  const [refused, setRefused] = useState<{ token: string; kind: BrokenLink }>();

  /** Rejects as the action does; a link that is broken for good is noted as well. */
  const run = async <T>(action: (token: string) => Promise<T>): Promise<T> => {
    if (token === undefined) throw new Problem({ code: 'link_invalid' });
    try {
      return await action(token);
    } catch (error) {
      const kind = brokenLink(Problem.from(error).code);
      if (kind) setRefused({ token, kind });
      throw error;
    }
  };

  // A second link, opened in the same page, gets its own chance.
  const isRefused = refused !== undefined && refused.token === token;
  const broken: BrokenLink | undefined =
    token === undefined ? 'invalid' : isRefused ? refused.kind : undefined;
  return { run, broken };
}
