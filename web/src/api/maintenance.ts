// Whether changes wait on this server. Asked when a page loads, when somebody comes back to it, when a change was
// refused, and again and again only while there is an end to wait for.
import { queryOptions, type Query, type QueryClient } from '@tanstack/react-query';
import { api, unwrap } from './client';
import { whenMaintenance } from './maintenance-refusal';
import type { components } from './schema';

export type Maintenance = components['schemas']['Maintenance'];
export type Until = Maintenance['until'] | undefined;

const ASKED_AGAIN_AFTER = 30_000;
/** Whoever looks away for less is not told anything new. */
const KNOWN_FOR = 60_000;

const KEY = ['maintenance'];

const isActive = ({ state }: Query<Maintenance>) => state.data?.active === true;

export const maintenanceQuery = queryOptions<Maintenance>({
  queryKey: KEY,
  queryFn: ({ signal }) => unwrap(api.GET('/api/maintenance', { signal })),
  staleTime: (query) => (isActive(query) ? ASKED_AGAIN_AFTER : KNOWN_FOR),
  refetchInterval: (query) => isActive(query) && ASKED_AGAIN_AFTER,
});

/** Until the server tells more, all that is known is that it refuses changes. */
const heardOf: Maintenance = { active: true };

/** Until the returned function is called. */
export function watchMaintenance(queryClient: QueryClient): () => void {
  const forget = whenMaintenance(() => {
    queryClient.setQueryData<Maintenance>(KEY, (known) => (known?.active ? known : heardOf));
    void queryClient.invalidateQueries({ queryKey: KEY });
  });
  // Windows beside each other are all visible: TanStack Query does not notice which one is in use.
  const onFocus = () => {
    // Without an answer, what was known goes on.
    queryClient.query(maintenanceQuery).catch(() => undefined);
  };
  addEventListener('focus', onFocus);
  return () => {
    forget();
    removeEventListener('focus', onFocus);
  };
}
