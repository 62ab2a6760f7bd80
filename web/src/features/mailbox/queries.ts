// Reads the development mailbox, again and again while the page is open.
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';

const REFRESH = 2000;

export const mailboxQuery = queryOptions({
  queryKey: ['mailbox'],
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/dev/mail', { signal }))).messages,
  staleTime: 0,
  refetchInterval: ({ state }) => (isClosed(state.error) ? false : REFRESH),
});

/** Production mode has no mailbox, and asking again will not change that. */
export function isClosed(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}
