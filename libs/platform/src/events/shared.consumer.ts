import { onlyPartition, deliverRow } from './delivery.ts';
import type { EventStore } from './event-store.ts';
import { PositionMovedError } from './event-store.ts';
import { SharedHandling, pauseCodeOf } from './shared.handling.ts';
import type { SharedHandlingOptions } from './shared.handling.ts';
import { nextRows } from './topic-signal.ts';
import type { TopicFollower, TopicSignal } from './topic-signal.ts';

export interface SharedConsumerOptions extends SharedHandlingOptions {
  /** The writer's tables, read from. */
  readonly source: EventStore;
  readonly signal: TopicSignal;
  readonly batchSize: number;
  readonly pollMs: number;
}

/** Hands one topic to one service in the same process: reads the writer's outbox from the stored position on. */
export class SharedConsumer {
  readonly #options: SharedConsumerOptions;
  readonly #handling: SharedHandling;
  readonly #follower: TopicFollower;
  #busySince: Date | null = null;

  constructor(options: SharedConsumerOptions) {
    this.#options = options;
    this.#handling = new SharedHandling(options);
    this.#follower = options.signal.follow();
  }

  /** Since when the batch in hand is being handled; null between batches. */
  get busySince(): Date | null {
    return this.#busySince;
  }

  async prepare(): Promise<void> {
    const oldest = new Map([[onlyPartition, 1]]);
    for (const [partition, next] of await this.#options.own.getOrCreatePositions(this.#topic, oldest)) this.#handling.standAt(partition, next);
  }

  countLag(): Promise<number> {
    return this.#options.source.countOutbox(this.#topic, this.#handling.nextOf(onlyPartition));
  }

  stop(): void {
    this.#handling.stop();
    this.#options.signal.unfollow(this.#follower);
  }

  /** Runs until stopped; the batch in hand is finished first. */
  async run(): Promise<void> {
    let failures = 0;
    while (!this.#handling.isStopped) {
      try {
        await this.#step();
        failures = 0;
      } catch (error) {
        if (this.#handling.isStopped) return;
        failures += 1;
        this.#busySince = null;
        await this.#pause(error, failures);
      }
    }
  }

  async #step(): Promise<void> {
    const { source, signal, batchSize, pollMs, crashPoint, clock, subscription } = this.#options;
    const seen = signal.version;
    const next = this.#handling.nextOf(onlyPartition);
    const rows = await nextRows(this.#follower, next, batchSize, () => source.listOutbox(this.#topic, next, batchSize));
    if (rows.length === 0) {
      await signal.waitBeyond(seen, pollMs, this.#handling.signal);
      // Nothing was said for so long: the table is asked, which heals what a wake cannot see.
      if (signal.version === seen) this.#follower.lose();
      return;
    }
    crashPoint('after-receive');
    this.#busySince = clock.now();
    await this.#handling.handle(rows.map((row) => deliverRow(subscription.topic, row)));
    this.#busySince = null;
  }

  /** The stored position is the truth after anything that went wrong. */
  async #pause(error: unknown, failures: number): Promise<void> {
    const { participant, own, backOff } = this.#options;
    this.#follower.lose();
    if (!(error instanceof PositionMovedError)) {
      // At the first, second, fourth, … failure: a dependency that is away for an hour is not worth an hour of lines.
      if (Number.isInteger(Math.log2(failures))) {
        const next = this.#handling.nextOf(onlyPartition);
        participant.log.warn({ topic: this.#topic, next, failures, code: pauseCodeOf(error) }, 'paused: something needed is not there');
      }
      await backOff(failures, this.#handling.signal);
    }
    try {
      for (const [partition, next] of await own.getPositions(this.#topic, [onlyPartition])) this.#handling.standAt(partition, next);
    } catch (unreadable) {
      participant.log.warn({ topic: this.#topic, error: String(unreadable) }, 'position not readable');
    }
  }

  get #topic(): string {
    return this.#options.subscription.topic;
  }
}
