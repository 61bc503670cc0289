/**
 * The one file that knows kafkajs (2.2.4). What it has to work around, each found in the client's source:
 * - a consumer may stop for good while its process lives (CRASH, with or without `restart`): restarts are switched off, `ended` tells,
 *   and whoever opened the reader opens another;
 * - `seek` works only once the group is joined, and fetching begins at once: every partition is paused inside the GROUP_JOIN event,
 *   which is synchronous, and resumed together with its seek;
 * - an offset out of range makes it jump to the topic's default, silently: every batch is checked against where it had to begin;
 * - `disconnect` during the first join is forgotten, and the consumer runs on: `stop` waits for the join;
 * - heartbeats are sent between batches only: a timer sends them while one is in hand;
 * - batches compressed by snappy or lz4 crash it: topics that others write are kept uncompressed by the broker.
 */
import { readFileSync } from 'node:fs';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import type { Admin, Consumer, EachBatchPayload, IHeaders, KafkaConfig, Producer, SASLOptions } from 'kafkajs';
import type {
  Broker,
  BrokerBatch,
  BrokerLog,
  BrokerMessage,
  BrokerSettings,
  OutgoingMessage,
  PartitionRange,
  Reader,
  ReaderOptions,
  TopicDeclaration,
} from './broker.ts';

const { CompressionCodecs, CompressionTypes, Kafka, Partitioners, logLevel } = kafkajs;

CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: (encoder: { readonly buffer: Buffer }) => Promise.resolve(zstdCompressSync(encoder.buffer)),
  decompress: (buffer: Buffer) => Promise.resolve(zstdDecompressSync(buffer)),
});

/** kafkajs sets a timer to the past with every request. Node warns of that once in a process; that once is here, where nobody hears it. */
const emitWarning = Object.getOwnPropertyDescriptor(process, 'emitWarning');
process.emitWarning = () => undefined;
clearTimeout(setTimeout(() => undefined, -1));
if (emitWarning !== undefined) Object.defineProperty(process, 'emitWarning', emitWarning);

const compressionTypes = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, zstd: CompressionTypes.ZSTD } as const;

/** A fetch that finds nothing waits so long at the broker; one that finds something answers at once. */
const maxWaitMs = 250;
/** A batch of one partition: some 300 applications. */
const maxPartitionBytes = 1024 * 1024;
/** Time for the members of a group to come to a new assignment, the slowest batch of any included. */
const rebalanceTimeoutMs = 20_000;
/** More than any topic has partitions: none waits for another. */
const partitionsAtOnce = 64;

/** @throws Error when a file of the TLS settings cannot be read */
export const openKafkaBroker = (settings: BrokerSettings, log: BrokerLog): Broker => new KafkaBroker(settings, log);

class KafkaBroker implements Broker {
  readonly #settings: BrokerSettings;
  readonly #log: BrokerLog;
  readonly #kafka: InstanceType<typeof Kafka>;
  readonly #kafkaOfMembers: InstanceType<typeof Kafka>;
  readonly #readers = new Set<KafkaReader>();
  #admin: Promise<Admin> | null = null;
  #producer: Promise<Producer> | null = null;

  constructor(settings: BrokerSettings, log: BrokerLog) {
    this.#settings = settings;
    this.#log = log;
    const config = toConfig(settings, withoutRepetition(log));
    this.#kafka = new Kafka(config);
    this.#kafkaOfMembers = new Kafka({ ...config, retry: memberRetries });
  }

  async ensureTopics(declared: readonly TopicDeclaration[]): Promise<readonly string[]> {
    const topics = declared.map((topic) => ({ ...topic, name: this.#full(topic.name) }));
    const different = await this.#makeTopics(topics);
    return declared.filter(({ name }) => different.has(this.#full(name))).map(({ name }) => name);
  }

  #full(name: string): string {
    return `${this.#settings.prefix ?? ''}${name}`;
  }

  /** Returns those that are there with another number of partitions. */
  #makeTopics(topics: readonly TopicDeclaration[]): Promise<ReadonlySet<string>> {
    return this.#withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = topics.filter(({ name }) => !existing.has(name));
      if (missing.length > 0) {
        // Another service may make the same at the same time: kafkajs answers false then, and the topic is there.
        await admin.createTopics({
          waitForLeaders: true,
          topics: missing.map(({ name, partitions, replication, retentionMs, compression }) => ({
            topic: name,
            numPartitions: partitions,
            replicationFactor: replication,
            configEntries: [
              { name: 'cleanup.policy', value: 'delete' },
              { name: 'retention.ms', value: String(retentionMs) },
              { name: 'compression.type', value: compression },
            ],
          })),
        });
      }
      const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
      const counts = new Map(found.map(({ name, partitions }) => [name, partitions.length]));
      return new Set(topics.filter(({ name, partitions }) => counts.get(name) !== partitions).map(({ name }) => name));
    });
  }

  listRanges(topic: string): Promise<readonly PartitionRange[]> {
    return this.#withAdmin(async (admin) =>
      (await admin.fetchTopicOffsets(this.#full(topic))).map(({ partition, low, high }) => ({ partition, begin: Number(low), end: Number(high) })),
    );
  }

  listOffsetsAt(topic: string, at: Date): Promise<ReadonlyMap<number, number>> {
    return this.#withAdmin(async (admin) => {
      const offsets = await admin.fetchTopicOffsetsByTimestamp(this.#full(topic), at.getTime());
      return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
    });
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    this.#producer ??= this.#connectProducer();
    const connected = this.#producer;
    try {
      const producer = await connected;
      await producer.sendBatch({
        acks: -1,
        compression: compressionTypes[this.#settings.compression],
        topicMessages: [...Map.groupBy(messages, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
          topic: this.#full(topic),
          messages: ofTopic.map(({ key, value, headers }) => ({
            key,
            value: value === null || typeof value === 'string' ? value : Buffer.from(value),
            ...(headers === undefined ? {} : { headers: { ...headers } }),
          })),
        })),
      });
    } catch (error) {
      if (this.#producer === connected) this.#producer = null;
      void connected.then((producer) => producer.disconnect()).catch(() => undefined);
      throw error;
    }
  }

  openReader(options: ReaderOptions): Reader {
    const reader = new KafkaReader(
      this.#kafkaOfMembers,
      this.#settings,
      { ...options, topic: this.#full(options.topic), groupId: this.#full(options.groupId) },
      this.#log,
    );
    this.#readers.add(reader);
    return reader;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#readers].map((reader) => reader.stop()));
    const [admin, producer] = [this.#admin, this.#producer];
    this.#admin = null;
    this.#producer = null;
    await Promise.allSettled([admin?.then((client) => client.disconnect()), producer?.then((client) => client.disconnect())]);
  }

  async #connectProducer(): Promise<Producer> {
    const producer = this.#kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      // The relay publishes again what it is not sure of, and readers know an event by its identity.
      idempotent: false,
      retry: retries,
    });
    await producer.connect();
    return producer;
  }

  /** A client that failed is thrown away: what it holds of the cluster may be out of date. */
  async #withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    this.#admin ??= this.#connectAdmin();
    const connected = this.#admin;
    try {
      return await work(await connected);
    } catch (error) {
      if (this.#admin === connected) this.#admin = null;
      void connected.then((admin) => admin.disconnect()).catch(() => undefined);
      throw error;
    }
  }

  async #connectAdmin(): Promise<Admin> {
    const admin = this.#kafka.admin({ retry: retries });
    await admin.connect();
    return admin;
  }
}

/** Few and short: whoever asked tries again by itself, and says so. */
const retries = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 };

/** Long enough for a broker that restarts: a member that gives up comes back as a stranger, and the group waits for the old one's session to end. */
const memberRetries = { retries: 25, initialRetryTime: 100, maxRetryTime: 1_000 };

class KafkaReader implements Reader {
  readonly ended: Promise<Error>;
  readonly #options: ReaderOptions;
  readonly #consumer: Consumer;
  readonly #log: BrokerLog;
  readonly #heartbeatMs: number;
  readonly #resolveEnded: (error: Error) => void;
  readonly #running: Promise<void>;
  readonly #listening: NodeJS.Timeout;
  /** Aborted once, when nothing of this reader matters any more. */
  readonly #over = new AbortController();
  readonly #abandoned = Promise.withResolvers<false>();
  #assignment = new AbortController();
  /** Where the next batch of each partition has to begin. */
  readonly #expected = new Map<number, number>();
  #isStopping = false;
  #stopped: Promise<void> | null = null;
  #lastSignMs = performance.now();

  constructor(kafka: InstanceType<typeof Kafka>, settings: BrokerSettings, options: ReaderOptions, log: BrokerLog) {
    this.#options = options;
    this.#log = log;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    // A rebalance is noticed at the next heartbeat.
    this.#heartbeatMs = Math.max(100, Math.min(1_000, Math.floor(settings.sessionTimeoutMs / 5)));
    this.#consumer = kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: Math.max(rebalanceTimeoutMs, settings.sessionTimeoutMs),
      heartbeatInterval: this.#heartbeatMs,
      maxWaitTimeInMs: maxWaitMs,
      minBytes: 1,
      maxBytesPerPartition: maxPartitionBytes,
      allowAutoTopicCreation: false,
      retry: { ...memberRetries, restartOnFailure: () => Promise.resolve(false) },
    });
    this.#listen();
    this.#running = this.#run();
    this.#listening = setInterval(() => {
      if (performance.now() - this.#lastSignMs > silentAfterMs) this.#end(new Error(`the consumer of ${options.topic} does nothing any more`));
    }, silentAfterMs / 10).unref();
  }

  get lastSignMs(): number {
    return this.#lastSignMs;
  }

  async commit(positions: ReadonlyMap<number, number>): Promise<void> {
    if (positions.size === 0 || this.#over.signal.aborted) return;
    const { topic } = this.#options;
    try {
      const committed = this.#consumer.commitOffsets([...positions].map(([partition, next]) => ({ topic, partition, offset: String(next) })));
      await Promise.race([committed, timeout(commitPatienceMs)]);
    } catch (error) {
      this.#log('debug', 'group offsets were not committed', { topic, error: String(error) });
    }
  }

  stop({ abandon }: { readonly abandon: boolean } = { abandon: false }): Promise<void> {
    this.#isStopping = true;
    this.#assignment.abort();
    if (abandon) this.#abandoned.resolve(false);
    this.#stopped ??= this.#close();
    return this.#stopped;
  }

  async #run(): Promise<void> {
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: [this.#options.topic], fromBeginning: true });
      if (this.#isStopping) return;
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionsAtOnce,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
    } catch (error) {
      this.#end(error);
    }
  }

  async #close(): Promise<void> {
    clearInterval(this.#listening);
    await Promise.race([this.#running, timeout(joinPatienceMs)]);
    try {
      // A broker that is away is not waited for: it ends the member's session by itself.
      await Promise.race([this.#consumer.disconnect(), timeout(leavePatienceMs)]);
    } catch (error) {
      this.#log('debug', 'the consumer did not disconnect properly', { topic: this.#options.topic, error: String(error) });
    }
    this.#over.abort();
  }

  #end(error: unknown): void {
    this.#assignment.abort();
    if (!this.#isStopping) this.#resolveEnded(error instanceof Error ? error : new Error(String(error)));
  }

  #sign(): void {
    this.#lastSignMs = performance.now();
  }

  #listen(): void {
    const { events } = this.#consumer;
    const { topic } = this.#options;
    this.#consumer.on(events.FETCH, () => this.#sign());
    this.#consumer.on(events.HEARTBEAT, () => this.#sign());
    this.#consumer.on(events.CRASH, ({ payload }) => this.#end(payload.error));
    // It stopped and nobody asked it to; when it crashed, CRASH comes right behind and says why.
    this.#consumer.on(events.STOP, () => {
      setTimeout(() => this.#end(new Error(`the consumer of ${topic} stopped by itself`)), 500).unref();
    });
    this.#consumer.on(events.REBALANCING, () => this.#assignment.abort());
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => this.#joined(payload.memberAssignment[topic] ?? []));
    this.#consumer.on(events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize > 0) return;
      const next = Number(payload.lastOffset) + 1;
      this.#expected.set(payload.partition, next);
      this.#options.onPassed(payload.partition, next);
    });
  }

  /** Synchronous up to the pause: fetching goes on as soon as the event's listeners have returned. */
  #joined(partitions: readonly number[]): void {
    this.#sign();
    const { topic } = this.#options;
    this.#assignment.abort();
    const assignment = new AbortController();
    this.#assignment = assignment;
    this.#expected.clear();
    if (this.#isStopping) return;
    if (partitions.length > 0) this.#consumer.pause([{ topic, partitions: [...partitions] }]);
    void this.#begin(partitions, assignment.signal).catch((error: unknown) => {
      if (!assignment.signal.aborted) this.#end(error);
    });
  }

  async #begin(partitions: readonly number[], signal: AbortSignal): Promise<void> {
    const { topic, onAssigned } = this.#options;
    const begins = await onAssigned(partitions, signal);
    if (signal.aborted) return;
    for (const [partition, offset] of begins) {
      this.#expected.set(partition, offset);
      this.#consumer.seek({ topic, partition, offset: String(offset) });
    }
    if (begins.size > 0) this.#consumer.resume([{ topic, partitions: [...begins.keys()] }]);
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { partition, messages } = batch;
    const expected = this.#expected.get(partition);
    if (this.#isStopping || expected === undefined) return;
    const fetchedAt = 'fetchedOffset' in batch ? Number(batch.fetchedOffset) : Number.NaN;
    if (!(fetchedAt <= expected)) {
      const error = new Error(`the client jumped from offset ${expected} to ${fetchedAt} of ${this.#options.topic}/${partition}`);
      this.#end(error);
      return;
    }
    const next = Number(batch.lastOffset()) + 1;
    const ending = new AbortController();
    // The group's coordinator wants this member to come to a new assignment, or knows it no more.
    let goodbye: unknown = null;
    const beating = setInterval(() => {
      this.#sign();
      payload.heartbeat().catch((error: unknown) => {
        goodbye ??= error;
        ending.abort();
      });
    }, this.#heartbeatMs);
    const unlink = forward(this.#assignment.signal, ending);
    try {
      const wanted = messages.filter(({ offset }) => Number(offset) >= expected).map(toMessage);
      const handed: BrokerBatch = { partition, messages: wanted, next, signal: ending.signal };
      const isDone = wanted.length === 0 || (await Promise.race([this.#options.onBatch(handed), this.#abandoned.promise]));
      if (isDone) {
        this.#expected.set(partition, next);
        payload.resolveOffset(String(next - 1));
      }
    } catch (error) {
      this.#end(error);
      return;
    } finally {
      clearInterval(beating);
      unlink();
    }
    if (goodbye !== null) throw goodbye;
  }
}

/** It fetches four times a second, or sends heartbeats; a group may take 20 s to form anew. */
const silentAfterMs = 45_000;
/** How long a first join may take until the connection is cut. */
const joinPatienceMs = 5_000;
const leavePatienceMs = 3_000;
const commitPatienceMs = 2_000;

const timeout = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

const forward = (from: AbortSignal, to: AbortController): (() => void) => {
  if (from.aborted) to.abort();
  const abort = (): void => to.abort();
  from.addEventListener('abort', abort);
  return () => from.removeEventListener('abort', abort);
};

const toMessage = ({ offset, key, value, headers, timestamp }: EachBatchPayload['batch']['messages'][number]): BrokerMessage => ({
  offset: Number(offset),
  key: key === null ? null : key.toString('utf8'),
  value,
  headers: headers === undefined ? {} : toHeaders(headers),
  sentAt: new Date(Number(timestamp)),
});

/** The first of several headers of one name. */
const toHeaders = (headers: IHeaders): Readonly<Record<string, string>> => {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) texts[name] = typeof first === 'string' ? first : first.toString('utf8');
  }
  return texts;
};

const toConfig = (settings: BrokerSettings, log: BrokerLog): KafkaConfig => ({
  clientId: settings.clientId,
  brokers: [...settings.brokers],
  connectionTimeout: 3_000,
  requestTimeout: 10_000,
  retry: retries,
  logLevel: logLevel.WARN,
  logCreator:
    () =>
    ({ namespace, log: { message, topic, groupId, partition, error } }) =>
      log('warn', `kafkajs ${namespace}: ${message}`, { topic, groupId, partition, error: error === undefined ? undefined : String(error) }),
  ...(settings.tls === null
    ? {}
    : {
        ssl: {
          ca: [readFileSync(settings.tls.caFile)],
          ...(settings.tls.certFile === undefined ? {} : { cert: readFileSync(settings.tls.certFile) }),
          ...(settings.tls.keyFile === undefined ? {} : { key: readFileSync(settings.tls.keyFile) }),
        },
      }),
  ...(settings.sasl === null ? {} : { sasl: toSasl(settings.sasl) }),
});

/** A broker that is away makes hundreds of lines a minute: each is written once in a minute, with how many were not. */
const withoutRepetition = (log: BrokerLog): BrokerLog => {
  const said = new Map<string, { readonly atMs: number; left: number }>();
  return (level, message, fields) => {
    const before = said.get(message);
    if (before !== undefined && performance.now() - before.atMs < repeatEveryMs) {
      before.left += 1;
      return;
    }
    if (said.size > maxRemembered) said.clear();
    said.set(message, { atMs: performance.now(), left: 0 });
    log(level, message, before === undefined || before.left === 0 ? fields : { ...fields, repeated: before.left });
  };
};

const repeatEveryMs = 60_000;
const maxRemembered = 200;

const toSasl = (sasl: NonNullable<BrokerSettings['sasl']>): SASLOptions => {
  if (sasl.mechanism !== 'oauthbearer') return { ...sasl };
  return { mechanism: 'oauthbearer', oauthBearerProvider: createTokenProvider(sasl) };
};

/** A token by client credentials (RFC 6749, 4.4), kept until it has half a minute to live. */
const createTokenProvider = (sasl: Extract<NonNullable<BrokerSettings['sasl']>, { readonly mechanism: 'oauthbearer' }>) => {
  let held: { readonly value: string; readonly until: number } | null = null;
  return async (): Promise<{ value: string }> => {
    if (held !== null && Date.now() < held.until) return { value: held.value };
    const response = await fetch(sasl.tokenUrl, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${encodeURIComponent(sasl.clientId)}:${encodeURIComponent(sasl.clientSecret)}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(sasl.scope === undefined ? {} : { scope: sasl.scope }) }),
    });
    if (!response.ok) throw new Error(`the token endpoint ${sasl.tokenUrl} answered ${response.status}`);
    const answer: unknown = await response.json();
    const { token, expiresIn } = readToken(answer);
    held = { value: token, until: Date.now() + (expiresIn - 30) * 1000 };
    return { value: token };
  };
};

const readToken = (answer: unknown): { readonly token: string; readonly expiresIn: number } => {
  if (typeof answer === 'object' && answer !== null && 'access_token' in answer && typeof answer.access_token === 'string')
    return { token: answer.access_token, expiresIn: 'expires_in' in answer && typeof answer.expires_in === 'number' ? answer.expires_in : 60 };
  throw new Error('the token endpoint gave no access_token');
};
