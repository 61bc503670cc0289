import { deadLetterTopic, serviceNames, topicDefinitions } from '@lisible/contracts';
import type { ServiceName, Topic } from '@lisible/contracts';
import type { Clock } from '../clock.ts';
import { noCrash } from '../crash-point.ts';
import type { CrashPoint } from '../crash-point.ts';
import type { Database } from '../database/database.ts';
import { migratePlatformTables } from '../database/migrations.ts';
import { exponentialBackOff } from './back-off.ts';
import type { BackOff } from './back-off.ts';
import { BroadcastConsumer } from './broadcast.consumer.ts';
import type { Attachment, Courier } from './courier.ts';
import { EventStore } from './event-store.ts';
import type { CommittedRow } from './event-store.ts';
import type { Participant, Subscription } from './participant.ts';
import { SharedConsumer } from './shared.consumer.ts';
import { TopicSignal } from './topic-signal.ts';

export interface EmbeddedCourierOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Outbox rows that every shared consumer has passed are kept this long; 7 days unless told. */
  readonly retentionMs?: number;
  readonly crashPoint?: CrashPoint;
  readonly backOff?: BackOff;
}

/** Few enough that one poison event costs seven halvings, many enough that a transaction is cheap an event. */
const batchSize = 100;
/** Every commit wakes its readers; polling only heals what a wake cannot see. */
const pollMs = 1_000;
const trimEveryMs = 10 * 60_000;
const stalledAfterMs = 5 * 60_000;
const sevenDaysMs = 7 * 24 * 3_600_000;

/** Hands outbox rows to the consumers in the same process and over the same database. */
export const createEmbeddedCourier = (options: EmbeddedCourierOptions): EmbeddedCourier => new EmbeddedCourier(options);

export class EmbeddedCourier implements Courier {
  readonly #options: EmbeddedCourierOptions;
  readonly #signals = new Map<string, TopicSignal>();
  readonly #attachments = new Set<Attachment>();
  readonly #trimming: NodeJS.Timeout;

  constructor(options: EmbeddedCourierOptions) {
    this.#options = options;
    this.#trimming = setInterval(() => void this.trim().catch(() => undefined), trimEveryMs).unref();
  }

  async attach(participant: Participant): Promise<Attachment> {
    const { clock } = this.#options;
    await migratePlatformTables(this.#options.database, participant.service);
    // Nobody in this process writes what comes from outside: its subscription has nothing to read.
    const consumers = participant.subscriptions.flatMap((subscription) => {
      const { writer } = topicDefinitions[subscription.topic];
      return writer === 'outside' ? [] : [{ writer, ...this.#consumer(participant, subscription, writer) }];
    });
    for (const { writer } of consumers) await migratePlatformTables(this.#options.database, writer);
    await Promise.all(consumers.map(({ consumer }) => consumer.prepare()));
    const loops: Promise<void>[] = [];
    let hasEnded = false;
    const attachment: Attachment = {
      start: () => {
        for (const { subscription, consumer } of consumers) {
          const loop = consumer.run().catch((error: unknown) => {
            hasEnded = true;
            participant.log.error({ topic: subscription.topic, error: String(error) }, 'a consumer stopped by itself');
          });
          loops.push(loop);
        }
      },
      isAlive: () =>
        !hasEnded &&
        consumers.every(({ consumer }) => consumer.busySince === null || clock.now().getTime() - consumer.busySince.getTime() < stalledAfterMs),
      measureLag: async () => {
        const shared = consumers.flatMap(({ subscription, consumer }) =>
          consumer instanceof SharedConsumer ? [{ topic: subscription.topic, consumer }] : [],
        );
        return new Map(await Promise.all(shared.map(async ({ topic, consumer }): Promise<[string, number]> => [topic, await consumer.countLag()])));
      },
      stop: async () => {
        for (const { consumer } of consumers) consumer.stop();
        await Promise.all(loops);
        this.#attachments.delete(attachment);
      },
    };
    this.#attachments.add(attachment);
    return attachment;
  }

  wake(rows: readonly CommittedRow[]): void {
    for (const [topic, ofTopic] of Map.groupBy(rows, (row) => row.topic)) this.#signal(topic).raise(ofTopic);
  }

  async close(): Promise<void> {
    clearInterval(this.#trimming);
    await Promise.all([...this.#attachments].map((attachment) => attachment.stop()));
  }

  /** Deletes outbox rows that are older than the retention and that every shared consumer has passed; dead letters stay. */
  async trim(): Promise<void> {
    const { database, clock, retentionMs = sevenDaysMs } = this.#options;
    const before = new Date(clock.now().getTime() - retentionMs);
    const passed = new Map<string, number>();
    for (const service of serviceNames) {
      await migratePlatformTables(database, service);
      for (const { topic, next } of await new EventStore(database.forService<unknown>(service), service).listPositions()) {
        passed.set(topic, Math.min(next, passed.get(topic) ?? Infinity));
      }
    }
    for (const topic of Object.keys(topicDefinitions).filter(isTopic)) {
      const { writer } = topicDefinitions[topic];
      if (writer === 'outside') continue;
      const store = new EventStore(database.forService<unknown>(writer), writer);
      await store.trimOutbox(topic, Math.min(passed.get(topic) ?? Infinity, await store.getEndOfOutbox()), before);
    }
  }

  #consumer(
    participant: Participant,
    subscription: Subscription,
    writer: ServiceName,
  ): { readonly subscription: Subscription; readonly consumer: SharedConsumer | BroadcastConsumer } {
    const { database, clock, crashPoint = noCrash, backOff = exponentialBackOff } = this.#options;
    const { topic } = subscription;
    const source = new EventStore(database.forService<unknown>(writer), writer);
    const signal = this.#signal(topic);
    if (subscription.kind === 'broadcast')
      return { subscription, consumer: new BroadcastConsumer({ participant, subscription, source, signal, clock, batchSize, pollMs }) };
    const own = database.forService<unknown>(participant.service);
    const consumer = new SharedConsumer({
      participant,
      subscription,
      source,
      own: new EventStore(own, participant.service),
      database: own,
      signal,
      courier: this,
      clock,
      crashPoint,
      backOff,
      batchSize,
      pollMs,
    });
    return { subscription, consumer };
  }

  #signal(topic: string): TopicSignal {
    const signal = this.#signals.get(topic) ?? new TopicSignal();
    this.#signals.set(topic, signal);
    return signal;
  }
}

const isTopic = (topic: string): topic is Topic => topic !== deadLetterTopic && topic in topicDefinitions;
