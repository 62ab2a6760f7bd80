// Beginning maintenance, saying something else about it, and ending it.
import { useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client';
import { maintenanceQuery } from '../../api/maintenance';
import type { components } from '../../api/schema';

type Wish = components['schemas']['MaintenanceWish'];

/** Each tells the whole page at once how things stand now. */
export function useMaintenanceChanges() {
  const queryClient = useQueryClient();
  const { queryKey } = maintenanceQuery;
  return {
    startMaintenance: async (body: Wish) => {
      const state = await unwrap(api.POST('/api/maintenance', { body }));
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, state);
    },
    endMaintenance: async () => {
      await unwrap(api.DELETE('/api/maintenance'));
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, { active: false });
    },
  };
}
