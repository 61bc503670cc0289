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
import { useApi } from '../../../app/api/api.client.ts';

/** A what-if of one application, asked for where `isAsked`: past loans have ended. The answer before stays while the next one comes. */
export const useSimulation = (application: ComputedRef<SimulatedApplication>, change: Ref<LoanChange>, isAsked: ComputedRef<boolean>) => {
  const api = useApi();
  return useQuery<Simulation>({
    queryKey: computed(() => ['simulation', application.value, change.value] as const),
    queryFn: ({ signal }) => api.post('/v1/simulations', { ...application.value, change: change.value }, simulationSchema, signal),
    placeholderData: keepPreviousData,
    enabled: isAsked,
    staleTime: 60_000,
  });
};

export const useAdvice = (application: ComputedRef<SimulatedApplication>, isAsked: ComputedRef<boolean>) => {
  const api = useApi();
  return useQuery<Advice>({
    queryKey: computed(() => ['advice', application.value] as const),
    queryFn: ({ signal }) => api.post('/v1/advice', application.value, adviceSchema, signal),
    enabled: isAsked,
    staleTime: 60_000,
  });
};

export const useAssumptions = (application: ComputedRef<SimulatedApplication>, isAsked: ComputedRef<boolean>) => {
  const api = useApi();
  return useQuery<Assumptions>({
    queryKey: computed(() => ['assumptions', application.value] as const),
    queryFn: ({ signal }) => api.post('/v1/assumptions', application.value, assumptionsSchema, signal),
    enabled: isAsked,
    staleTime: 60_000,
  });
};
