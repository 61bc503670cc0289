import { deadLetterDefinition, deadLetterTopic, topicDefinitions } from '@lisible/contracts';
import type { ServiceName, TopicDefinition } from '@lisible/contracts';
import type { Clock } from '../clock.ts';
import { noCrash } from '../crash-point.ts';
import type { CrashPoint } from '../crash-point.ts';
import type { Database } from '../database/database.ts';
import { migratePlatformTables } from '../database/migrations.ts';
import { exponentialBackOff } from './back-off.ts';
import type { BackOff } from './back-off.ts';
import type { Broker, BrokerSettings, TopicDeclaration } from './broker.ts';
import type { Attachment, Courier } from './courier.ts';
import { EventStore } from './event-store.ts';
import type { CommittedRow } from './event-store.ts';
import { GroupConsumer } from './group.consumer.ts';
import type { StallPoint, WatchSettings } from './group.consumer.ts';
import { openKafkaBroker } from './kafka.broker.ts';
import { OutboxRelay } from './outbox.relay.ts';
import type { EventLog, Participant } from './participant.ts';
import { TailConsumer } from './tail.consumer.ts';

export interface KafkaCourierOptions {
  readonly broker: BrokerSettings;
  /** Null where the process keeps no records (the gateway): it hears broadcasts and writes nothing. */
  readonly database: Database | null;
  readonly clock: Clock;
  /** Tells this process from every other, also from the one before it in the same place. */
  readonly instanceId: string;
  readonly crashPoint?: CrashPoint;
  readonly stallPoint?: StallPoint;
  readonly backOff?: BackOff;
  /** Relays of one service that may publish at the same time; the same number in all its replicas. 1 unless told. */
  readonly keyRanges?: number;
  /** Published outbox rows are kept this long; 7 days unless told. */
  readonly retentionMs?: number;
  readonly watch?: WatchSettings;
}

/** Together well below a minute: a consumer that stands is found and replaced within one. */
const defaultWatch: WatchSettings = { everyMs: 5_000, stalledAfterMs: 30_000 };
const dayMs = 24 * 3_600_000;
/** A broker that does not answer for so long keeps no service from starting: dossiers are read without it. */
const attachPatienceMs = 10_000;

/** Relays the outbox to Kafka, and reads from Kafka what the service subscribed to. @throws Error when a file of the TLS settings cannot be read */
export const createKafkaCourier = (options: KafkaCourierOptions): KafkaCourier => new KafkaCourier(options);

export class KafkaCourier implements Courier {
  readonly isRelayed = true;
  readonly #options: KafkaCourierOptions;
  readonly #broker: Broker;
  readonly #attachments = new Set<Attachment>();
  readonly #relays = new Map<ServiceName, readonly OutboxRelay[]>();
  readonly #abort = new AbortController();
  #log: EventLog | null = null;

  constructor(options: KafkaCourierOptions) {
    this.#options = options;
    this.#broker = openKafkaBroker(options.broker, (level, message, fields) => {
      if (level === 'warn') this.#log?.warn(fields, message);
    });
  }

  async attach(participant: Participant): Promise<Attachment> {
    const { database, clock, instanceId, backOff = exponentialBackOff } = this.#options;
    const { service, subscriptions, log } = participant;
    this.#log ??= log;
    const shared = subscriptions.filter(({ kind }) => kind === 'shared');
    if (database === null && shared.length > 0)
      throw new Error(`${service} keeps no records, so it cannot handle ${shared.map(({ topic }) => topic).join(', ')} once and for all`);
    if (database !== null) await migratePlatformTables(database, service);

    const hasTopic = Promise.withResolvers<void>();
    const groups = database === null ? [] : shared.map((subscription) => this.#group(participant, subscription, database, hasTopic.promise));
    const tails = subscriptions
      .filter(({ kind }) => kind === 'broadcast')
      .map(
        (subscription) =>
          new TailConsumer({
            participant,
            subscription,
            broker: this.#broker,
            groupId: `lisible.${service}.${subscription.topic}.${instanceId}`,
            hasTopic: hasTopic.promise,
            backOff,
            attachedAt: clock.now(),
          }),
      );
    const isReady = this.#ensureTopics(participant, tails, backOff).then(hasTopic.resolve);
    await Promise.race([isReady, patience(attachPatienceMs)]);
    const relays = database === null ? [] : this.#openRelays(participant, database);
    this.#relays.set(service, relays);

    const attachment: Attachment = {
      start: () => {
        for (const consumer of [...groups, ...tails]) consumer.start();
        for (const relay of relays) relay.start();
      },
      isAlive: () => groups.every(({ isAlive }) => isAlive),
      measureLag: async () => {
        if (database !== null)
          participant.metrics.unpublished.set(await new EventStore(database.forService<unknown>(service), service).countUnpublished());
        const lags = await Promise.allSettled(groups.map(async (group): Promise<[string, number]> => [group.topic, await group.countLag()]));
        return new Map(lags.flatMap((lag) => (lag.status === 'fulfilled' ? [lag.value] : [])));
      },
      stop: async () => {
        const stopped = Promise.all([...groups, ...tails].map((consumer) => consumer.stop()));
        // Whoever still waits for a topic of a broker that never came.
        hasTopic.resolve();
        await stopped;
        this.#attachments.delete(attachment);
      },
    };
    this.#attachments.add(attachment);
    return attachment;
  }

  wake(rows: readonly CommittedRow[]): void {
    // A process is one service; a row does not say whose it is.
    for (const relays of this.#relays.values()) for (const relay of relays) relay.wake(rows);
  }

  /** Ends the consumers, publishes what is committed, and closes the connections: last of all but the database. */
  async close(): Promise<void> {
    await Promise.all([...this.#attachments].map((attachment) => attachment.stop()));
    await Promise.all([...this.#relays.values()].flat().map((relay) => relay.close()));
    this.#abort.abort();
    await this.#broker.close();
  }

  #group(participant: Participant, subscription: Participant['subscriptions'][number], database: Database, hasTopic: Promise<void>): GroupConsumer {
    const { clock, crashPoint = noCrash, stallPoint = neverStall, backOff = exponentialBackOff, watch = defaultWatch } = this.#options;
    const own = database.forService<unknown>(participant.service);
    return new GroupConsumer({
      participant,
      subscription,
      own: new EventStore(own, participant.service),
      database: own,
      courier: this,
      clock,
      crashPoint,
      stallPoint,
      backOff,
      broker: this.#broker,
      groupId: `lisible.${participant.service}.${subscription.topic}`,
      hasTopic,
      watch,
    });
  }

  #openRelays(participant: Participant, database: Database): readonly OutboxRelay[] {
    const { clock, crashPoint = noCrash, backOff = exponentialBackOff, keyRanges = 1, retentionMs = 7 * dayMs } = this.#options;
    const { service, log, metrics } = participant;
    return Array.from(
      { length: keyRanges },
      (_, range) =>
        new OutboxRelay({
          service,
          database,
          broker: this.#broker,
          keyRange: { range, ranges: keyRanges },
          clock,
          crashPoint,
          backOff,
          log,
          metrics,
          retentionMs,
        }),
    );
  }

  /** Makes the topics that a service reads or writes, then notes where broadcasts begin; however long the broker is away. */
  async #ensureTopics({ service, subscriptions, log }: Participant, tails: readonly TailConsumer[], backOff: BackOff): Promise<void> {
    const declarations = declareTopics(service, new Set(subscriptions.map(({ topic }) => topic)), this.#options.broker);
    for (let failures = 1; !this.#abort.signal.aborted; failures += 1) {
      try {
        const different = await this.#broker.ensureTopics(declarations);
        if (different.length > 0)
          log.warn({ service, topics: different }, 'topics have another number of partitions than declared; they are left as they are');
        // Asked too late, an end would leave events out: then the readers begin where the clock says.
        if (failures === 1) await Promise.all(tails.map((tail) => tail.prepare()));
        return;
      } catch (error) {
        if (Number.isInteger(Math.log2(failures))) log.warn({ service, failures, error: String(error) }, 'the broker does not answer; trying again');
        await backOff(failures, this.#abort.signal);
      }
    }
  }
}

/** Topics of one service as a broker is told of them. */
export const declareTopics = (
  service: ServiceName,
  read: ReadonlySet<string>,
  { partitions, replication }: Pick<BrokerSettings, 'partitions' | 'replication'>,
): readonly TopicDeclaration[] => {
  const declare = (name: string, definition: Omit<TopicDefinition, 'writer'>, isOutside: boolean): TopicDeclaration => ({
    name,
    partitions: definition.partitions === 'many' ? partitions : 1,
    replication,
    retentionMs: definition.retentionDays * dayMs,
    // Loan systems compress as they like; the broker undoes what the client here cannot read.
    compression: isOutside ? 'uncompressed' : 'producer',
  });
  return [
    ...Object.entries(topicDefinitions)
      .filter(([name, { writer }]) => writer === service || read.has(name))
      .map(([name, definition]) => declare(name, definition, definition.writer === 'outside')),
    declare(deadLetterTopic, deadLetterDefinition, false),
  ];
};

const neverStall: StallPoint = () => false;

const patience = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
