// What component tests share: a page around a component, and a server that answers as told.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { vi } from 'vitest';

/** Renders once the router has settled. */
export async function renderPage(children: ReactNode) {
  const router = createRouter({
    routeTree: createRootRoute({ component: () => children }),
    history: createMemoryHistory(),
  });
  await router.load();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
}

type Reply = { status: number; body?: unknown; headers?: Record<string, string> };
type Handler = (path: string, body: unknown) => Reply | Promise<Reply>;

/** Stands in for the server and keeps what it was sent. */
export function stubServer(handler: Handler) {
  const requests: { path: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname;
    const text = await request.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    requests.push({ path, body });
    const reply = await handler(path, body);
    return new Response(reply.body === undefined ? null : JSON.stringify(reply.body), {
      status: reply.status,
      headers: { 'content-type': 'application/json', ...reply.headers },
    });
  });
  return requests;
}

export function problemBody(status: number, code: string, more: object = {}) {
  return { type: 'about:blank', title: code, status, code, detail: `detail of ${code}`, ...more };
}
