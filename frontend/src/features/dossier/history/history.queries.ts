import { clientHistorySchema, type ClientHistory } from '@lisible/contracts';
import { useQuery } from '@tanstack/vue-query';
import { computed, type ComputedRef } from 'vue';
import { useApi } from '../../../app/api/api.client.ts';
import { dossierPath, type DossierAddress } from '../dossier.queries.ts';

/** The client's past month by month; it changes only with the population snapshot. */
export const useHistory = (address: ComputedRef<DossierAddress>) => {
  const api = useApi();
  return useQuery<ClientHistory>({
    queryKey: computed(() => ['history', address.value] as const),
    queryFn: ({ signal }) => api.get(dossierPath(address.value, '/history'), clientHistorySchema, signal),
    staleTime: 5 * 60_000,
  });
};
