// What goes on in live rooms.
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client';

/** How often it is looked again while somebody watches. */
const EVERY = 3000;

export const liveQuery = queryOptions({
  queryKey: ['admin', 'live'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/admin/live', { signal })),
  staleTime: 0,
  refetchInterval: EVERY,
});
