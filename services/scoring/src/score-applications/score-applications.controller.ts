import { topics } from '@lisible/contracts';
import type { ApplicationPrepared } from '@lisible/contracts';
import { SharedSubscription } from '@lisible/platform';
import type { CommitHalf, EventBatch } from '@lisible/platform';
import { Controller, Inject } from '@nestjs/common';
import { ScoreApplications } from './score-applications.ts';

@Controller()
export class ScoreApplicationsController {
  constructor(@Inject(ScoreApplications) private readonly scoreApplications: ScoreApplications) {}

  @SharedSubscription(topics.applicationPrepared)
  async applicationPrepared(batch: EventBatch<ApplicationPrepared>): Promise<CommitHalf> {
    return this.scoreApplications.prepare(batch);
  }
}
