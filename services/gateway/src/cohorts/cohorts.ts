import type { CohortComparisonRequest, CohortGrid, CohortQuestion } from '@lisible/contracts';
import { cohortGridSchema, explanationSchema, policyViewSchema } from '@lisible/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { CallContext } from '../access/caller.ts';
import { UNDICI_UPSTREAM, pathOf } from '../upstream/upstream.ts';
import type { Forwarded, Upstream } from '../upstream/upstream.ts';

/** client-profile knows the population; the policy is scoring's word, the attributions of an application the explainer's. */
@Injectable()
export class Cohorts {
  constructor(@Inject(UNDICI_UPSTREAM) private readonly upstream: Upstream) {}

  /** A `CohortComparison` as JSON, encoded as the caller can read it. */
  async compare(request: CohortComparisonRequest, call: CallContext, acceptEncoding: string | undefined): Promise<Forwarded> {
    const [policy, attributions] = await Promise.all([this.findPolicy(request, call), this.findAttributions(request, call)]);
    const question: CohortQuestion = { ...request, policy, attributions };
    return this.upstream.forward('client-profile', '/cohorts/comparison', question, call, acceptEncoding);
  }

  readGrid(call: CallContext): Promise<CohortGrid> {
    return this.upstream.get('client-profile', '/cohorts/grid', cohortGridSchema, call);
  }

  private async findPolicy({ cohort }: CohortComparisonRequest, call: CallContext): Promise<CohortQuestion['policy']> {
    if (cohort.name !== 'approved') return null;
    const { policy } = await this.upstream.get('scoring', '/policy', policyViewSchema, call);
    return policy;
  }

  /** Null for a past loan, whose attributions the population holds, and until the application is explained. */
  private async findAttributions({ cohort, client }: CohortComparisonRequest, call: CallContext): Promise<CohortQuestion['attributions']> {
    if (cohort.name !== 'similar' || client === null) return null;
    const explanation = await this.upstream.find('explainer', pathOf('explanations', client.applicationId), explanationSchema, call);
    if (explanation === null) return null;
    const { featureNames, shapValues } = explanation.attributions;
    return { modelVersion: explanation.modelVersion, featureNames, shapValues };
  }
}
