import type { PreparedSimulation, Simulation } from '@lisible/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Estimator } from './estimator.ts';

/** What the model in force would estimate, and why, if the client asked for another loan. Nothing is recorded. */
@Injectable()
export class Simulate {
  constructor(@Inject(Estimator) private readonly estimator: Estimator) {}

  /** @throws TransientError `no-model` */
  async execute({ applicationId, currency, levers, note, before, after }: PreparedSimulation): Promise<Simulation> {
    const estimates = await this.estimator.open(applicationId, currency, before.inputs);
    return {
      applicationId,
      currency,
      ...estimates.references,
      levers,
      note,
      before: { terms: before.terms, ...estimates.explain(before.inputs) },
      after: { terms: after.terms, ...estimates.explain(after.inputs) },
    };
  }
}
