import { topics } from '@lisible/contracts';
import type { ModelVersionPromoted } from '@lisible/contracts';
import { BroadcastSubscription, LOG } from '@lisible/platform';
import type { EventBatch, EventLog } from '@lisible/platform';
import { Controller, Inject } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Champion } from './champion.ts';

/** A broadcast may be missed; the pointer is read again this often, so that it heals. */
const healIntervalMs = 30_000;

@Controller()
export class FollowChampionController implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Champion) private readonly champion: Champion,
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

  @BroadcastSubscription(topics.modelVersionPromoted)
  async modelVersionPromoted(_batch: EventBatch<ModelVersionPromoted>): Promise<void> {
    await this.follow();
  }

  /** A version that cannot be loaded leaves the previous one in service. */
  private async follow(): Promise<void> {
    try {
      const { hasChanged } = await this.champion.refresh();
      if (hasChanged) this.log.info({ modelVersion: this.champion.find()?.manifest.modelVersion }, 'a model version is in service');
    } catch (error) {
      this.log.error({ err: error }, 'the champion cannot be loaded');
    }
  }
}
