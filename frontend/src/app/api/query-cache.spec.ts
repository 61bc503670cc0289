import { onlineManager } from '@tanstack/vue-query';
import { createQueryCache } from './query-cache.ts';

describe('the cache of server state', () => {
  afterEach(() => onlineManager.setOnline(true));

  it('asks even where the browser believes itself offline: the platform may be on this very machine', async () => {
    onlineManager.setOnline(false);
    expect(await createQueryCache().fetchQuery({ queryKey: ['policy'], queryFn: () => Promise.resolve('in force') })).toBe('in force');
  }, 1_000);
});
