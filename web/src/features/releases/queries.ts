// What releases are shown by. How things stand is asked for each second while something moves, and less often when not;
// a tab that nobody sees asks nothing.
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client';
import { joined, ranges, type Range } from './chart/series';
import type { GateStatus, Moment } from './model';
import { isRunning } from './phase';

const MOVING = 1000;
const RESTING = 5000;
const MINUTE = 60_000;

const ROOM = ['admin', 'releases'];

const isMoving = (status: GateStatus | undefined) =>
  status?.services.some(({ rollout }) => isRunning(rollout)) === true;

export const gateQuery = queryOptions({
  queryKey: [...ROOM, 'status'],
  queryFn: ({ signal }): Promise<GateStatus> => unwrap(api.GET('/api/admin/edge', { signal })),
  staleTime: 0,
  refetchInterval: (query) => (isMoving(query.state.data) ? MOVING : RESTING),
});

/** Only what is new is asked for; the rest is kept. */
export const seriesQuery = (
  client: QueryClient,
  service: string,
  range: Range,
  moving: boolean,
) => {
  const queryKey = [...ROOM, 'series', service, range];
  const { by } = ranges[range];
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }): Promise<Moment[]> => {
      const known = client.getQueryData<Moment[]>(queryKey) ?? [];
      const after = known.at(-1)?.at;
      const query = { service, by, ...(after !== undefined && { after }) };
      const { moments } = await unwrap(
        api.GET('/api/admin/edge/series', { signal, params: { query } }),
      );
      return joined(known, moments, range);
    },
    staleTime: 0,
    structuralSharing: false,
    refetchInterval: range === 'day' ? MINUTE : moving ? MOVING : RESTING,
  });
};

export const historyQuery = (service: string) =>
  infiniteQueryOptions({
    queryKey: [...ROOM, 'history', service],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        api.GET('/api/admin/edge/history', {
          signal,
          params: { query: { service, ...(pageParam !== null && { after: pageParam }) } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  });
