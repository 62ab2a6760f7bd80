// The administration. router.tsx hangs these routes below the root.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import * as v from 'valibot';
import { getParentRoute } from '../root';

const admin = createRoute({
  getParentRoute,
  path: '/admin',
  component: lazyRouteComponent(() => import('./AdminLayout'), 'AdminLayout'),
});

const inAdmin = () => admin;

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

export const adminRoutes = [admin.addChildren([users, user])] as const;
