import { dossierSchema, expertViewSchema, explanationSchema, type Dossier, type ExpertView, type Explanation } from '@lisible/contracts';
import { useQuery } from '@tanstack/vue-query';
import { computed, type ComputedRef } from 'vue';
import { ApiError, readAnswer, useApi } from '../../app/api/api.client.ts';

/** Which dossier: a client, and one of the client's applications (null: the latest). */
export interface DossierAddress {
  readonly clientId: string;
  readonly applicationId: string | null;
}

/** How often something on its way is asked for, and when we say that it is late. */
const firstPollMs = 500;
const slowestPollMs = 5_000;
export const patienceInPolls = 12;

const pollMs = (polls: number): number => Math.min(firstPollMs * 1.5 ** polls, slowestPollMs);

export const paramsOf = ({ clientId, applicationId }: DossierAddress) => ({
  path: { clientId },
  query: applicationId === null ? {} : { applicationId },
});

export const isDecisionPending = (dossier: Dossier): boolean => dossier.decision === null && dossier.pastLoanEstimate === null;

/** The dossier, asked again while its decision is on its way. */
export const useDossier = (address: ComputedRef<DossierAddress>) => {
  const api = useApi();
  return useQuery<Dossier>({
    queryKey: computed(() => ['dossier', address.value] as const),
    queryFn: ({ signal }) => readAnswer(api.GET('/v1/clients/{clientId}', { params: paramsOf(address.value), signal }), dossierSchema),
    refetchInterval: ({ state }) => (state.data !== undefined && isDecisionPending(state.data) ? pollMs(state.dataUpdateCount) : false),
  });
};

/** The explanation, asked for beside the dossier rather than after it; null while it is on its way. */
export const useExplanation = (address: ComputedRef<DossierAddress>) => {
  const api = useApi();
  return useQuery<Explanation | null>({
    queryKey: computed(() => ['explanation', address.value] as const),
    queryFn: async ({ signal }) => {
      try {
        return await readAnswer(api.GET('/v1/clients/{clientId}/explanation', { params: paramsOf(address.value), signal }), explanationSchema);
      } catch (error) {
        if (error instanceof ApiError && (error.failure === 'explanation-not-found' || error.failure === 'decision-not-found')) return null;
        throw error;
      }
    },
    refetchInterval: ({ state }) => (state.data === null ? pollMs(state.dataUpdateCount) : false),
  });
};

/** What a model's evidence adds to one dossier; a version never changes. */
export const useExpertView = (modelVersion: ComputedRef<string>) => {
  const api = useApi();
  return useQuery<ExpertView>({
    queryKey: computed(() => ['expert-view', modelVersion.value] as const),
    queryFn: ({ signal }) => readAnswer(api.GET('/v1/models/{modelVersion}/expert-view', { params: { path: { modelVersion: modelVersion.value } }, signal }), expertViewSchema),
    staleTime: Number.POSITIVE_INFINITY,
  });
};
