// What the pages about the audit log read.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client';
import { auditParameters, type Filters } from './filters';

// What administrators do is in the log: it is asked for again with everything else they see.
const ROOM = 'admin';

export const auditQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: [ROOM, 'audit', filters],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        api.GET('/api/admin/audit', {
          signal,
          params: {
            query: {
              ...auditParameters(filters, new Date()),
              ...(pageParam !== null && { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    // The list stays while another one is looked up.
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const proofQuery = queryOptions({
  queryKey: [ROOM, 'audit-proof'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/admin/audit/proof', { signal })),
  staleTime: 0,
});
