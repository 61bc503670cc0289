import { clientPageSchema, type ClientPage } from '@lisible/contracts';
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { readAnswer, useApi } from '../../app/api/api.client.ts';

export const fewestLetters = 2;
const mostFound = 8;

/** Dossiers by identifier or name; posted, since it names people (ADR 0013). */
export const usePaletteSearch = (search: Ref<string>) => {
  const api = useApi();
  return useQuery<ClientPage>({
    queryKey: computed(() => ['palette', search.value] as const),
    queryFn: ({ signal }) => readAnswer(api.POST('/v1/clients/search', { body: { search: search.value, pageSize: mostFound }, signal }), clientPageSchema),
    enabled: () => search.value.length >= fewestLetters,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    // What was typed is not kept beside the pages it led to.
    gcTime: 30_000,
  });
};
