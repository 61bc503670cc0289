import { topics } from '@lisible/contracts';
import type { PopulationSnapshotPublished } from '@lisible/contracts';
import { BroadcastSubscription } from '@lisible/platform';
import type { EventBatch } from '@lisible/platform';
import { Controller, Inject, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { CurrentSnapshot } from './current-snapshot.ts';

/** A broadcast may be missed; the pointer is read again this often, so that it heals. */
const healIntervalMs = 30_000;

@Controller()
export class FollowSnapshotController implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('follow-snapshot');
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot) {}

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
      if (hasChanged) this.logger.log(`past loans are read from snapshot ${this.snapshot.find()?.snapshotId}`);
    } catch (error) {
      this.logger.error(`the current snapshot cannot be read: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  }
}
