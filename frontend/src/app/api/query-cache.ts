import { QueryClient } from '@tanstack/vue-query';
import { ApiError } from './api.client.ts';

/** The one cache of server state. Failures that cannot heal are shown at once; others are tried twice more. */
export const createQueryCache = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // The platform may be on this very machine: we ask whatever the browser believes of the network, and put a silence into words.
        networkMode: 'always',
        retry: (count, error) => error instanceof ApiError && error.isRetryable && count < 2,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5_000),
      },
    },
  });
