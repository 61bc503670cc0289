import { clientHistorySchema, type ClientHistory } from '@lisible/contracts';
import { useQuery } from '@tanstack/vue-query';
import { computed, type ComputedRef } from 'vue';
import { readAnswer, useApi } from '../../../app/api/api.client.ts';
import { paramsOf, type DossierAddress } from '../dossier.queries.ts';

/** The client's past month by month; it changes only with the population snapshot. */
export const useHistory = (address: ComputedRef<DossierAddress>) => {
  const api = useApi();
  return useQuery<ClientHistory>({
    queryKey: computed(() => ['history', address.value] as const),
    queryFn: ({ signal }) => readAnswer(api.GET('/v1/clients/{clientId}/history', { params: paramsOf(address.value), signal }), clientHistorySchema),
    staleTime: 5 * 60_000,
  });
};
