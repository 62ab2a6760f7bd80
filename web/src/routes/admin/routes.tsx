// The administration. router.tsx hangs these routes below the root.
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import * as v from 'valibot';
import { filterSchema } from '../../features/audit/filters';
import { getParentRoute } from '../root';

const admin = createRoute({
  getParentRoute,
  path: '/admin',
  component: lazyRouteComponent(() => import('./AdminLayout'), 'AdminLayout'),
});

const inAdmin = () => admin;

const start = createRoute({
  getParentRoute: inAdmin,
  path: '/',
  beforeLoad: () => redirect({ to: '/admin/users', replace: true, throw: true }),
});

const users = createRoute({
  getParentRoute: inAdmin,
  path: '/users',
  // A query string is whatever someone typed: what does not fit is dropped, never an error.
  validateSearch: v.object({ search: v.fallback(v.optional(v.string()), undefined) }),
  component: lazyRouteComponent(() => import('./UsersPage'), 'UsersPage'),
});

const user = createRoute({
  getParentRoute: inAdmin,
  path: '/users/$id',
  component: lazyRouteComponent(() => import('./UserPage'), 'UserPage'),
});

const audit = createRoute({
  getParentRoute: inAdmin,
  path: '/audit',
  validateSearch: filterSchema,
  component: lazyRouteComponent(() => import('./AuditPage'), 'AuditPage'),
});

const releases = createRoute({
  getParentRoute: inAdmin,
  path: '/releases',
  validateSearch: v.object({ service: v.fallback(v.optional(v.string()), undefined) }),
  component: lazyRouteComponent(() => import('./ReleasesPage'), 'ReleasesPage'),
});

const live = createRoute({
  getParentRoute: inAdmin,
  path: '/live',
  component: lazyRouteComponent(() => import('./LivePage'), 'LivePage'),
});

const cspReports = createRoute({
  getParentRoute: inAdmin,
  path: '/csp-reports',
  component: lazyRouteComponent(() => import('./CspReportsPage'), 'CspReportsPage'),
});

const maintenance = createRoute({
  getParentRoute: inAdmin,
  path: '/maintenance',
  component: lazyRouteComponent(() => import('./MaintenancePage'), 'MaintenancePage'),
});

export const adminRoutes = [
  admin.addChildren([start, users, user, releases, live, audit, cspReports, maintenance]),
] as const;
