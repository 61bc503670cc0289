import { portfolioQuerySchema, portfolioSchema, type Portfolio, type PortfolioQuery } from '@lisible/contracts';
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type ComputedRef } from 'vue';
import type { LocationQuery } from 'vue-router';
import { readAnswer, useApi } from '../../app/api/api.client.ts';

/** The period and the model version stand in the address; what is no day, or ends before it begins, is left out. */
export const queryOf = (address: LocationQuery): PortfolioQuery => {
  const { shape } = portfolioQuerySchema;
  const asked = {
    from: shape.from.safeParse(address['from']).data,
    to: shape.to.safeParse(address['to']).data,
    modelVersion: shape.modelVersion.safeParse(address['modelVersion']).data,
  };
  return portfolioQuerySchema.safeParse(asked).data ?? { modelVersion: asked.modelVersion };
};

const refreshMs = 30_000;

/** All loans at a glance, asked again every half minute while it is read; the answer before stays while the next one comes. */
export const usePortfolio = (query: ComputedRef<PortfolioQuery>) => {
  const api = useApi();
  return useQuery<Portfolio>({
    queryKey: computed(() => ['portfolio', query.value] as const),
    queryFn: ({ signal }) => {
      const { from, to, modelVersion } = query.value;
      const asked = { ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(modelVersion !== undefined && { modelVersion }) };
      return readAnswer(api.GET('/v1/portfolio', { params: { query: asked }, signal }), portfolioSchema);
    },
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
};
