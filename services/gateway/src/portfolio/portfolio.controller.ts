import type { Portfolio, PortfolioQuery } from '@lisible/contracts';
import { decidedPortfolioSchema, pastLoansPortfolioSchema, policyViewSchema, portfolioQuerySchema, portfolioSchema } from '@lisible/contracts';
import { CLOCK } from '@lisible/platform';
import type { Clock } from '@lisible/platform';
import { Controller, Inject, Query } from '@nestjs/common';
import { Call } from '../access/caller.ts';
import type { CallContext } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { ParseWith } from '../operations/parse-with.ts';
import { UNDICI_UPSTREAM, pathOf } from '../upstream/upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** The trainer counts; the policy that past loans are held against is scoring's word. */
@Controller()
export class PortfolioController {
  constructor(
    @Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Operation({
    method: 'get',
    path: '/v1/portfolio',
    summary:
      'All loans at a glance: what was decided, by estimate and over time, and how past loans ended under the same estimates. Aggregates only, nothing of a person.',
    roles: ['advisor', 'risk'],
    query: portfolioQuerySchema,
    answers: { 200: portfolioSchema },
  })
  async read(@Query(new ParseWith(portfolioQuerySchema)) query: PortfolioQuery, @Call() call: CallContext): Promise<Portfolio> {
    const { policy, policyName, policyVersion } = await this.upstream.get('scoring', '/policy', policyViewSchema, call);
    const [decided, pastLoans] = await Promise.all([
      this.upstream.get('trainer', pathOf('portfolio', 'decided') + queryOf(query), decidedPortfolioSchema, call),
      this.upstream.post('trainer', pathOf('portfolio', 'past-loans'), { policy }, pastLoansPortfolioSchema, call),
    ]);
    const { decisionThreshold, greyZone, amountAwareCost = null } = policy;
    return {
      asOf: this.clock.now().toISOString(),
      policy: { policyName, policyVersion, decisionThreshold, greyZone, dependsOnAmount: amountAwareCost !== null },
      decided,
      pastLoans,
    };
  }
}

const queryOf = (query: PortfolioQuery): string => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value);
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
};
