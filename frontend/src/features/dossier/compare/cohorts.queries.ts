import { cohortComparisonSchema, cohortGridSchema, type Cohort, type CohortComparison, type CohortGrid, type PlacedClient } from '@lisible/contracts';
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type ComputedRef } from 'vue';
import { readAnswer, useApi } from '../../../app/api/api.client.ts';

export interface ComparisonQuestion {
  readonly cohort: Cohort;
  readonly features: string[];
  readonly pair?: [string, string] | null;
  readonly client: PlacedClient;
}

/** A client beside a group. Posted: no address holds who is compared; the answer before stays while the next one comes. */
export const useComparison = (question: ComputedRef<ComparisonQuestion>, isAsked: ComputedRef<boolean> = computed(() => true)) => {
  const api = useApi();
  return useQuery<CohortComparison>({
    queryKey: computed(() => ['comparison', question.value] as const),
    queryFn: ({ signal }) => readAnswer(api.POST('/v1/cohorts/comparison', { body: question.value, signal }), cohortComparisonSchema),
    placeholderData: keepPreviousData,
    enabled: isAsked,
    staleTime: 5 * 60_000,
  });
};

/** Where the filters of a group may begin and end. */
export const useCohortGrid = (isAsked: ComputedRef<boolean>) => {
  const api = useApi();
  return useQuery<CohortGrid>({
    queryKey: ['cohort-grid'],
    queryFn: ({ signal }) => readAnswer(api.GET('/v1/cohorts/grid', { signal }), cohortGridSchema),
    enabled: isAsked,
    staleTime: 5 * 60_000,
  });
};
