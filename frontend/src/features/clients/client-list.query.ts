import { clientListQuerySchema, clientPageSchema, type ClientListQuery, type ClientPage } from '@lisible/contracts';
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type ComputedRef } from 'vue';
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import { useApi } from '../../app/api/api.client.ts';

const defaults = clientListQuerySchema.parse({});

/** The list's state stands in the address; what the address gets wrong falls back to the default, field by field. */
export const listQueryOf = (address: LocationQuery): ClientListQuery => {
  const { shape } = clientListQuerySchema;
  return {
    search: shape.search.safeParse(address['search'] === '' ? undefined : address['search']).data,
    kind: shape.kind.safeParse(address['kind']).data,
    page: shape.page.safeParse(address['page']).data ?? defaults.page,
    pageSize: defaults.pageSize,
    sort: shape.sort.safeParse(address['sort']).data ?? defaults.sort,
  };
};

/** The address of a list's state, without what is default. */
export const addressOf = (query: ClientListQuery): LocationQueryRaw => ({
  ...(query.search === undefined || query.search === '' ? {} : { search: query.search }),
  ...(query.kind === undefined ? {} : { kind: query.kind }),
  ...(query.page === defaults.page ? {} : { page: String(query.page) }),
  ...(query.sort === defaults.sort ? {} : { sort: query.sort }),
});

const requestPath = (query: ClientListQuery): string => {
  const parameters = new URLSearchParams({ page: String(query.page), pageSize: String(query.pageSize), sort: query.sort });
  if (query.search !== undefined) parameters.set('search', query.search);
  if (query.kind !== undefined) parameters.set('kind', query.kind);
  return `/v1/clients?${parameters.toString()}`;
};

/** One page of clients; while the next one is fetched the last one stays. */
export const useClientList = (query: ComputedRef<ClientListQuery>) => {
  const api = useApi();
  return useQuery<ClientPage>({
    queryKey: computed(() => ['clients', query.value] as const),
    queryFn: ({ signal }) => api.get(requestPath(query.value), clientPageSchema, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
};
