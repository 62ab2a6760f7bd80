// Telling the gate what to do. After each order the page asks anew how things stand.
import { useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client';
import type { CloseWish, Order, StartWish } from './model';
import { gateQuery, historyQuery } from './queries';

export function useGateChanges(service: string) {
  const client = useQueryClient();
  const refreshed = async <T>(answer: Promise<T>): Promise<T> => {
    const told = await answer;
    await Promise.all([
      client.invalidateQueries({ queryKey: gateQuery.queryKey }),
      client.invalidateQueries({ queryKey: historyQuery(service).queryKey }),
    ]);
    return told;
  };
  return {
    start: (wish: Omit<StartWish, 'service'>) =>
      refreshed(unwrap(api.POST('/api/admin/edge/rollout/start', { body: { service, ...wish } }))),
    order: (order: Order) =>
      refreshed(unwrap(api.POST('/api/admin/edge/rollout/order', { body: { service, order } }))),
    close: (wish: Omit<CloseWish, 'service'>) =>
      refreshed(unwrap(api.POST('/api/admin/edge/service/close', { body: { service, ...wish } }))),
    hold: (limit: string) =>
      refreshed(unwrap(api.POST('/api/admin/edge/service/pause', { body: { service, limit } }))),
    open: () => refreshed(unwrap(api.POST('/api/admin/edge/service/open', { body: { service } }))),
  };
}
