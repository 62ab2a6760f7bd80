// What the administration reads and changes.
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useQueryClient,
} from '@tanstack/react-query';
import { api, unwrap } from '../../api/client';
import type { Role } from './model';

const ROOM = 'admin';

export const usersQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: [ROOM, 'users', search],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        api.GET('/api/admin/users', {
          signal,
          params: {
            query: {
              ...(search !== '' && { search }),
              ...(pageParam !== null && { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    // The list stays while a longer word is looked up.
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: [ROOM, 'user', id],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/admin/users/{id}', { signal, params: { path: { id } } })),
    staleTime: 0,
  });

export const userActivityQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [ROOM, 'activity', id],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        api.GET('/api/admin/users/{id}/activity', {
          signal,
          params: { path: { id }, query: pageParam === null ? {} : { after: pageParam } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  });

const of = (id: string) => ({ params: { path: { id } } });

export const disableUser = (id: string) =>
  unwrap(api.POST('/api/admin/users/{id}/disable', of(id)));

export const enableUser = (id: string) => unwrap(api.POST('/api/admin/users/{id}/enable', of(id)));

export const endUserSessions = (id: string) =>
  unwrap(api.POST('/api/admin/users/{id}/end-sessions', of(id)));

export const revokeUserTokens = (id: string) =>
  unwrap(api.POST('/api/admin/users/{id}/revoke-tokens', of(id)));

export const startReset = (id: string) =>
  unwrap(api.POST('/api/admin/users/{id}/start-reset', of(id)));

export const startRecovery = (id: string) =>
  unwrap(api.POST('/api/admin/users/{id}/start-recovery', of(id)));

export const changeRole = (id: string, role: Role) =>
  unwrap(api.PUT('/api/admin/users/{id}/role', { params: { path: { id } }, body: { role } }));

export const endAllSessions = async () =>
  (await unwrap(api.POST('/api/admin/end-all-sessions'))).ended;

/** After a change: everything the administration shows is asked for again. */
export function useRefreshAdmin(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: [ROOM] });
}
