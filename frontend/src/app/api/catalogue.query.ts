import { catalogueViewSchema, type CatalogueView } from '@lisible/contracts';
import { useQuery } from '@tanstack/vue-query';
import { readAnswer, useApi } from './api.client.ts';

/** The words for fields and features; one version never changes. */
export const useCatalogue = () => {
  const api = useApi();
  return useQuery<CatalogueView>({
    queryKey: ['catalogue'],
    queryFn: ({ signal }) => readAnswer(api.GET('/v1/catalogue', { signal }), catalogueViewSchema),
    staleTime: Number.POSITIVE_INFINITY,
  });
};
