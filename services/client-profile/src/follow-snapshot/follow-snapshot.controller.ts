import { topics } from '@lisible/contracts';
import type { ModelVersionPromoted, PopulationSnapshotPublished } from '@lisible/contracts';
import { BroadcastSubscription, LOG, PresentStateFollower } from '@lisible/platform';
import type { EventBatch, EventLog } from '@lisible/platform';
import { Controller, Inject } from '@nestjs/common';
import { Population } from '../population/population.ts';
import { CurrentSnapshot } from './current-snapshot.ts';

/** A snapshot that cannot be read leaves the previous one in force. */
@Controller()
export class FollowSnapshotController extends PresentStateFollower {
  protected readonly failure = 'the current snapshot cannot be read';

  constructor(
    @Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot,
    @Inject(Population) private readonly population: Population,
    @Inject(LOG) log: EventLog,
  ) {
    super(log);
  }

  @BroadcastSubscription(topics.populationSnapshotPublished)
  async snapshotPublished(_batch: EventBatch<PopulationSnapshotPublished>): Promise<void> {
    await this.follow();
  }

  /** Estimates and attributions are the champion's. */
  @BroadcastSubscription(topics.modelVersionPromoted)
  async modelVersionPromoted(_batch: EventBatch<ModelVersionPromoted>): Promise<void> {
    await this.follow();
  }

  protected async refresh() {
    const { hasChanged } = await this.snapshot.refresh();
    await this.population.refresh();
    return hasChanged ? { fields: { snapshotId: this.snapshot.find()?.snapshotId }, message: 'past loans are read from a new snapshot' } : null;
  }
}
