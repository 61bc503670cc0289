import { topics } from '@lisible/contracts';
import type { ModelVersionPromoted } from '@lisible/contracts';
import { BroadcastSubscription } from '@lisible/platform';
import type { EventBatch } from '@lisible/platform';
import { Controller, Inject, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Champion } from './champion.ts';

/** A broadcast may be missed; the pointer is read again this often, so that it heals. */
const healIntervalMs = 30_000;

@Controller()
export class FollowChampionController implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('follow-champion');
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(Champion) private readonly champion: Champion) {}

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

  /** A version that cannot be loaded leaves the previous one in service; a decision by it waits. */
  private async follow(): Promise<void> {
    try {
      const { hasChanged } = await this.champion.refresh();
      if (hasChanged) this.logger.log(`model ${this.champion.find()} is in service`);
    } catch (error) {
      this.logger.error(`the champion cannot be loaded: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  }
}
