import { clientListParametersSchema, clientListQuerySchema, clientPageSchema, type ClientListQuery, type ClientPage } from '@lisible/contracts';
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type ComputedRef } from 'vue';
import type { HistoryState, LocationQuery, LocationQueryRaw } from 'vue-router';
import { z } from 'zod';
import { useApi } from '../../app/api/api.client.ts';

const defaults = clientListQuerySchema.parse({});
const entryStateSchema = z.object({ search: clientListQuerySchema.shape.search.unwrap().min(1) });

/**
 * Kind, order and page stand in the address; what is searched stands in the history entry's state, which Back and reload
 * keep and no log sees, since it may be a name. What either gets wrong falls back to the default, field by field.
 */
export const listQueryOf = (address: LocationQuery, entryState: unknown): ClientListQuery => {
  const { shape } = clientListParametersSchema;
  return {
    search: entryStateSchema.safeParse(entryState).data?.search,
    kind: shape.kind.safeParse(address['kind']).data,
    page: shape.page.safeParse(address['page']).data ?? defaults.page,
    filters: defaults.filters,
    columns: defaults.columns,
    pageSize: defaults.pageSize,
    sort: shape.sort.safeParse(address['sort']).data ?? defaults.sort,
  };
};

/** Where a list's state stands: an address without what is default, and the history entry's state. */
export const locationOf = (query: ClientListQuery): { query: LocationQueryRaw; state: HistoryState } => ({
  query: {
    ...(query.kind === undefined ? {} : { kind: query.kind }),
    ...(query.page === defaults.page ? {} : { page: String(query.page) }),
    ...(query.sort === defaults.sort ? {} : { sort: query.sort }),
  },
  // Null, not absent: replacing an entry merges into its state.
  state: { search: query.search ?? null },
});

/** One page of clients; while the next one is fetched the last one stays. */
export const useClientList = (query: ComputedRef<ClientListQuery>) => {
  const api = useApi();
  return useQuery<ClientPage>({
    queryKey: computed(() => ['clients', query.value] as const),
    queryFn: ({ signal }) => api.post('/v1/clients/search', query.value, clientPageSchema, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
};
