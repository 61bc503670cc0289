import {
  adviceSchema,
  assumptionsSchema,
  simulationSchema,
  type Advice,
  type Assumptions,
  type LoanChange,
  type SimulatedApplication,
  type Simulation,
} from '@lisible/contracts';
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type ComputedRef, type Ref } from 'vue';
import { readAnswer, useApi } from '../../../app/api/api.client.ts';

/** A what-if of one application, asked for where `isAsked`: past loans have ended. The answer before stays while the next one comes. */
export const useSimulation = (application: ComputedRef<SimulatedApplication>, change: Ref<LoanChange>, isAsked: ComputedRef<boolean>) => {
  const api = useApi();
  return useQuery<Simulation>({
    queryKey: computed(() => ['simulation', application.value, change.value] as const),
    queryFn: ({ signal }) => readAnswer(api.POST('/v1/simulations', { body: { ...application.value, change: change.value }, signal }), simulationSchema),
    placeholderData: keepPreviousData,
    enabled: isAsked,
    staleTime: 60_000,
  });
};

export const useAdvice = (application: ComputedRef<SimulatedApplication>, isAsked: ComputedRef<boolean>) => {
  const api = useApi();
  return useQuery<Advice>({
    queryKey: computed(() => ['advice', application.value] as const),
    queryFn: ({ signal }) => readAnswer(api.POST('/v1/advice', { body: application.value, signal }), adviceSchema),
    enabled: isAsked,
    staleTime: 60_000,
  });
};

export const useAssumptions = (application: ComputedRef<SimulatedApplication>, isAsked: ComputedRef<boolean>) => {
  const api = useApi();
  return useQuery<Assumptions>({
    queryKey: computed(() => ['assumptions', application.value] as const),
    queryFn: ({ signal }) => readAnswer(api.POST('/v1/assumptions', { body: application.value, signal }), assumptionsSchema),
    enabled: isAsked,
    staleTime: 60_000,
  });
};
