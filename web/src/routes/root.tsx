// The route above all others: its page is the frame around every page.
import { createRootRoute } from '@tanstack/react-router';
import { NotFoundPage } from './NotFoundPage';
import { Shell } from './Shell';

export const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

/** For `createRoute`: `createRoute({ getParentRoute, path: '/somewhere', … })`. */
export const getParentRoute = () => root;
