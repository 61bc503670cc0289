import { applicationViewSchema, type Application, type ApplicationView } from '@lisible/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed } from 'vue';
import { readAnswer, useApi } from '../../app/api/api.client.ts';

/** Hands an application in; safe to repeat, since the door knows it by its identifier. */
export const useSubmission = () => {
  const api = useApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Application) => readAnswer(api.POST('/v1/applications', { body }), applicationViewSchema),
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
    queryFn: ({ signal }) =>
      readAnswer(
        api.GET('/v1/applications/{applicationId}', { params: { path: { applicationId: applicationId() } }, signal }),
        applicationViewSchema,
      ),
    refetchInterval: ({ state }) => (state.data?.decision != null || state.dataUpdateCount > mostPolls ? false : pollMs),
  });
};
