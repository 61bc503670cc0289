import type { Clock } from '../clock.ts';
import type { EventStore } from './event-store.ts';
import type { Participant, Subscription } from './participant.ts';
import { deliverRow } from './delivery.ts';
import { nextRows } from './topic-signal.ts';
import type { TopicFollower, TopicSignal } from './topic-signal.ts';

export interface BroadcastConsumerOptions {
  readonly participant: Participant;
  readonly subscription: Subscription;
  /** The writer's tables, read from. */
  readonly source: EventStore;
  readonly signal: TopicSignal;
  readonly clock: Clock;
  readonly batchSize: number;
  readonly pollMs: number;
}

/** Shows one replica every event of a topic from now on; nothing is stored, a failed event is logged and left behind. */
export class BroadcastConsumer {
  readonly #options: BroadcastConsumerOptions;
  readonly #abort = new AbortController();
  readonly #follower: TopicFollower;
  #next = 1;
  #busySince: Date | null = null;

  constructor(options: BroadcastConsumerOptions) {
    this.#options = options;
    this.#follower = options.signal.follow();
  }

  get busySince(): Date | null {
    return this.#busySince;
  }

  async prepare(): Promise<void> {
    this.#next = await this.#options.source.getEndOfOutbox();
  }

  stop(): void {
    this.#abort.abort();
    this.#options.signal.unfollow(this.#follower);
  }

  async run(): Promise<void> {
    const { source, subscription, signal, batchSize, pollMs, participant, clock } = this.#options;
    const { topic } = subscription;
    while (!this.#abort.signal.aborted) {
      const seen = signal.version;
      try {
        const next = this.#next;
        const rows = await nextRows(this.#follower, next, batchSize, () => source.listOutbox(topic, next, batchSize));
        const last = rows.at(-1);
        if (last === undefined) {
          await signal.waitBeyond(seen, pollMs, this.#abort.signal);
          // Nothing was said for so long: the table is asked, which heals what a wake cannot see.
          if (signal.version === seen) this.#follower.lose();
          continue;
        }
        this.#next = last.seq + 1;
        this.#busySince = clock.now();
        const received = rows.map((row) => deliverRow(topic, row).content);
        const events = received.flatMap((content) => (content.kind === 'event' ? [content.event] : []));
        if (events.length < received.length)
          participant.log.warn({ topic, count: received.length - events.length }, 'broadcasts that are no events were left out');
        if (events.length > 0) await subscription.handle({ events });
        participant.metrics.handled.inc({ topic, outcome: 'handled' }, events.length);
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        participant.log.warn({ topic, error: String(error) }, 'a broadcast was not handled; the owner’s present state will heal it');
        await signal.waitBeyond(seen, pollMs, this.#abort.signal);
      } finally {
        this.#busySince = null;
      }
    }
  }
}
