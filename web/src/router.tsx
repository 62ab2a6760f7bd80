// Which page answers which path. Pages load when first visited.
import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import * as v from 'valibot';
import { CrashPage } from './routes/CrashPage';
import { getParentRoute, root } from './routes/root';
import { adminRoutes } from './routes/admin/routes';
import { settingsRoutes } from './routes/settings/routes';
import { Loading } from './ui/States';

// A query string is whatever someone typed: what does not fit is dropped, never an error.
const text = v.fallback(v.optional(v.string()), undefined);
const flag = v.fallback(v.optional(v.boolean()), undefined);

const welcome = createRoute({
  getParentRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./routes/WelcomePage'), 'WelcomePage'),
});

const signUp = createRoute({
  getParentRoute,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('./routes/SignUpPage'), 'SignUpPage'),
});

const verifyEmail = createRoute({
  getParentRoute,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('./routes/VerifyEmailPage'), 'VerifyEmailPage'),
});

const signIn = createRoute({
  getParentRoute,
  path: '/sign-in',
  validateSearch: v.object({ next: text, signedOut: flag }),
  component: lazyRouteComponent(() => import('./routes/SignInPage'), 'SignInPage'),
});

const forgotPassword = createRoute({
  getParentRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./routes/ForgotPasswordPage'), 'ForgotPasswordPage'),
});

const resetPassword = createRoute({
  getParentRoute,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./routes/ResetPasswordPage'), 'ResetPasswordPage'),
});

const confirmEmail = createRoute({
  getParentRoute,
  path: '/confirm-email',
  component: lazyRouteComponent(() => import('./routes/ConfirmEmailPage'), 'ConfirmEmailPage'),
});

const recover = createRoute({
  getParentRoute,
  path: '/recover',
  component: lazyRouteComponent(() => import('./routes/RecoverPage'), 'RecoverPage'),
});

const setup = createRoute({
  getParentRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('./routes/SetupPage'), 'SetupPage'),
});

const devMail = createRoute({
  getParentRoute,
  path: '/dev/mail',
  validateSearch: v.object({ message: text }),
  component: lazyRouteComponent(() => import('./routes/DevMailPage'), 'DevMailPage'),
});

const routeTree = root.addChildren([
  welcome,
  signUp,
  verifyEmail,
  signIn,
  forgotPassword,
  resetPassword,
  confirmEmail,
  recover,
  setup,
  devMail,
  ...settingsRoutes,
  ...adminRoutes,
]);

export function createAppRouter() {
  return createRouter({
    routeTree,
    defaultPreload: 'intent',
    defaultErrorComponent: CrashPage,
    defaultPendingComponent: Loading,
  });
}

declare module '@tanstack/react-router' {
  // Module augmentation works on interfaces only.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
