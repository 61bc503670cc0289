import { topics } from '@lisible/contracts';
import type { PopulationSnapshotPublished } from '@lisible/contracts';
import { BroadcastSubscription, LOG } from '@lisible/platform';
import type { EventBatch, EventLog } from '@lisible/platform';
import { Controller, Inject } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { CurrentSnapshot } from './current-snapshot.ts';

/** A broadcast may be missed; the pointer is read again this often, so that it heals. */
const healIntervalMs = 30_000;

@Controller()
export class FollowSnapshotController implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot,
    @Inject(LOG) private readonly log: EventLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.timer = setInterval(() => void this.follow(), healIntervalMs);
    this.timer.unref();
    await this.follow();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  @BroadcastSubscription(topics.populationSnapshotPublished)
  async snapshotPublished(_batch: EventBatch<PopulationSnapshotPublished>): Promise<void> {
    await this.follow();
  }

  /** A snapshot that cannot be read leaves the previous one in force. */
  private async follow(): Promise<void> {
    try {
      const { hasChanged } = await this.snapshot.refresh();
      if (hasChanged) this.log.info({ snapshotId: this.snapshot.find()?.snapshotId }, 'past loans are read from a new snapshot');
    } catch (error) {
      this.log.error({ err: error }, 'the current snapshot cannot be read');
    }
  }
}
