import { applicationViewSchema, type ApplicationView } from '@lisible/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed } from 'vue';
import { useApi } from '../../app/api/api.client.ts';
import type { ApplicationBody } from './application-draft.ts';

/** Hands an application in; safe to repeat, since the door knows it by its identifier. */
export const useSubmission = () => {
  const api = useApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: ApplicationBody) => api.post('/v1/applications', body, applicationViewSchema),
    networkMode: 'always',
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['clients'] });
      void cache.invalidateQueries({ queryKey: ['application-count'] });
    },
  });
};

const pollMs = 1_000;
const mostPolls = 60;

/** How far an application has come, asked again while its decision is on its way. */
export const useApplicationView = (applicationId: () => string) => {
  const api = useApi();
  return useQuery<ApplicationView>({
    queryKey: computed(() => ['application', applicationId()] as const),
    queryFn: ({ signal }) => api.get(`/v1/applications/${encodeURIComponent(applicationId())}`, applicationViewSchema, signal),
    refetchInterval: ({ state }) => (state.data?.decision != null || state.dataUpdateCount > mostPolls ? false : pollMs),
  });
};
