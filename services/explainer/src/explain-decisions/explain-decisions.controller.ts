import { topics } from '@lisible/contracts';
import type { ApplicationDecided } from '@lisible/contracts';
import { SharedSubscription } from '@lisible/platform';
import type { CommitHalf, EventBatch } from '@lisible/platform';
import { Controller, Inject } from '@nestjs/common';
import { ExplainDecisions } from './explain-decisions.ts';

@Controller()
export class ExplainDecisionsController {
  constructor(@Inject(ExplainDecisions) private readonly explainDecisions: ExplainDecisions) {}

  @SharedSubscription(topics.applicationDecided)
  async applicationDecided(batch: EventBatch<ApplicationDecided>): Promise<CommitHalf> {
    return this.explainDecisions.prepare(batch);
  }
}
