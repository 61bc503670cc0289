import { catalogueViewSchema, type CatalogueView } from '@lisible/contracts';
import { useQuery } from '@tanstack/vue-query';
import { useApi } from './api.client.ts';

/** The words for fields and features; one version never changes. */
export const useCatalogue = () => {
  const api = useApi();
  return useQuery<CatalogueView>({
    queryKey: ['catalogue'],
    queryFn: ({ signal }) => api.get('/v1/catalogue', catalogueViewSchema, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
};
