// What browsers reported, and forgetting it.
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client';

export const cspReportsQuery = queryOptions({
  queryKey: ['admin', 'csp-reports'],
  queryFn: async ({ signal }) =>
    (await unwrap(api.GET('/api/admin/csp-reports', { signal }))).reports,
  staleTime: 0,
});

export const forgetCspReports = () => unwrap(api.DELETE('/api/admin/csp-reports'));
