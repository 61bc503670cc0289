import { topics } from '@lisible/contracts';
import type { ModelVersionPromoted } from '@lisible/contracts';
import { BroadcastSubscription, LOG, PresentStateFollower } from '@lisible/platform';
import type { EventBatch, EventLog } from '@lisible/platform';
import { Controller, Inject } from '@nestjs/common';
import { Champion } from './champion.ts';

/** A version that cannot be loaded leaves the previous one in service; a decision by it waits. */
@Controller()
export class FollowChampionController extends PresentStateFollower {
  protected readonly failure = 'the champion cannot be loaded';

  constructor(
    @Inject(Champion) private readonly champion: Champion,
    @Inject(LOG) log: EventLog,
  ) {
    super(log);
  }

  @BroadcastSubscription(topics.modelVersionPromoted)
  async modelVersionPromoted(_batch: EventBatch<ModelVersionPromoted>): Promise<void> {
    await this.follow();
  }

  protected async refresh() {
    const { hasChanged } = await this.champion.refresh();
    return hasChanged ? { fields: { modelVersion: this.champion.find() }, message: 'a model version is in service' } : null;
  }
}
