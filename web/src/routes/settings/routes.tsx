// The account area. router.tsx hangs these routes below the root.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../root';

const account = createRoute({
  getParentRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./SettingsLayout'), 'SettingsLayout'),
});

const inAccount = () => account;

const profile = createRoute({
  getParentRoute: inAccount,
  path: '/',
  component: lazyRouteComponent(() => import('./ProfilePage'), 'ProfilePage'),
});

const security = createRoute({
  getParentRoute: inAccount,
  path: '/security',
  component: lazyRouteComponent(() => import('./SecurityPage'), 'SecurityPage'),
});

const sessions = createRoute({
  getParentRoute: inAccount,
  path: '/sessions',
  component: lazyRouteComponent(() => import('./SessionsPage'), 'SessionsPage'),
});

const tokens = createRoute({
  getParentRoute: inAccount,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./TokensPage'), 'TokensPage'),
});

const activity = createRoute({
  getParentRoute: inAccount,
  path: '/activity',
  component: lazyRouteComponent(() => import('./ActivityPage'), 'ActivityPage'),
});

const data = createRoute({
  getParentRoute: inAccount,
  path: '/data',
  component: lazyRouteComponent(() => import('./DataPage'), 'DataPage'),
});

// Outside of the area: whoever sees it has no account any more.
const deleted = createRoute({
  getParentRoute,
  path: '/account-deleted',
  component: lazyRouteComponent(() => import('./AccountDeletedPage'), 'AccountDeletedPage'),
});

export const settingsRoutes = [
  account.addChildren([profile, security, sessions, tokens, activity, data]),
  deleted,
] as const;
