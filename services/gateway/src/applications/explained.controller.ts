import type { ApplicationDecided, DecisionExplained } from '@lisible/contracts';
import { decisionSchema, topics } from '@lisible/contracts';
import { BroadcastSubscription } from '@lisible/platform';
import type { EventBatch } from '@lisible/platform';
import { Controller, Inject } from '@nestjs/common';
import { Announcements } from '../stream/announcements.ts';
import { ExplainedWatch } from './explained.watch.ts';

/** Every replica of the door hears of every decision and explanation, for the requests that wait in it and the streams that are open. */
@Controller()
export class ExplainedController {
  constructor(
    @Inject(ExplainedWatch) private readonly watch: ExplainedWatch,
    @Inject(Announcements) private readonly announcements: Announcements,
  ) {}

  @BroadcastSubscription(topics.applicationDecided)
  whenDecided(batch: EventBatch<ApplicationDecided>): Promise<void> {
    for (const { data } of batch.events) if (this.watch.isAwaited(data.applicationId)) this.watch.decided(decisionSchema.parse(data));
    this.announcements.announce(topics.applicationDecided, applicationIdsOf(batch));
    return Promise.resolve();
  }

  @BroadcastSubscription(topics.decisionExplained)
  whenExplained(batch: EventBatch<DecisionExplained>): Promise<void> {
    for (const event of batch.events) this.watch.explained(event.data.applicationId);
    this.announcements.announce(topics.decisionExplained, applicationIdsOf(batch));
    return Promise.resolve();
  }
}

const applicationIdsOf = (batch: EventBatch<{ readonly applicationId: string }>): readonly string[] =>
  batch.events.map(({ data }) => data.applicationId);
