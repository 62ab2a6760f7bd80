// How reads are cached and retried. Writes are never retried: they may already have happened.
import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';

const MAX_RETRIES = 3;

export function shouldRetry(failures: number, error: unknown): boolean {
  return failures < MAX_RETRIES && error instanceof Problem && error.isTransient;
}

/** 1 s, 2 s, 4 s. */
export function retryDelay(failures: number): number {
  return 1000 * 2 ** failures;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // 'always': a browser that believes it is offline should say so, not wait in silence.
      queries: { retry: shouldRetry, retryDelay, staleTime: 30_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
