import type { ServiceName } from '@lisible/contracts';
import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { CrashPoint } from '../crash-point.ts';
import { schemaOf } from '../database/database.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import type { BackOff } from './back-off.ts';
import type { Broker } from './broker.ts';
import { EventStore } from './event-store.ts';
import type { CommittedRow, KeyRange, UnpublishedRow } from './event-store.ts';
import type { EventLog, EventMetrics } from './participant.ts';
import { pace } from './pace.ts';
import { TopicSignal } from './topic-signal.ts';

export interface OutboxRelayOptions {
  readonly service: ServiceName;
  readonly database: Database;
  readonly broker: Pick<Broker, 'publish'>;
  readonly keyRange: KeyRange;
  readonly clock: Clock;
  readonly crashPoint: CrashPoint;
  readonly backOff: BackOff;
  readonly log: EventLog;
  readonly metrics: EventMetrics;
  /** Published rows are kept this long. */
  readonly retentionMs: number;
}

/** A round of publishing, under a steady load. */
const roundMs = 15;
/** Rows in one round of the relay. */
const maxRows = 500;
/** A broker refuses a batch of one partition that is longer than 1 MiB. */
const maxBytes = 512 * 1024;
/** Rows of this process's own commits that are kept until they are published, so that they need not be read again. */
const maxHeld = 2_000;
/** A replica that died between its commit and its word to the relay is noticed so soon. */
const pollMs = 250;
/** How soon another replica takes a relay over whose process is gone. */
const lockRetryMs = 300;
/** A holder that asked nothing for so long holds no longer; a broker's answer to one round takes less. */
const lockSilenceMs = 12_000;
const flushPatienceMs = 5_000;
const trimEveryMs = 10 * 60_000;
const trimRows = 5_000;
/** Every look at the table walks over what was marked since it was last cleaned, and PostgreSQL cleans by itself once a minute at most. */
const vacuumAfter = 2_000;

/**
 * Publishes the outbox of one service and key range, in order, by whichever replica holds the advisory lock. It dies with the session
 * that holds the lock; one that dies between publish and mark leaves rows that its successor publishes again.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #signal = new TopicSignal();
  readonly #abort = new AbortController();
  readonly #held = new Map<number, CommittedRow>();
  readonly #channel: string;
  #isHolder = false;
  #hasSaid = false;
  #isStopping = false;
  #flushUntilMs = 0;
  #running: Promise<void> = Promise.resolve();
  #notifying: 'no' | 'once' | 'again' = 'no';

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#channel = `lisible_outbox_${schemaOf(options.service)}`;
  }

  /** Whether this process publishes. */
  get isHolder(): boolean {
    return this.#isHolder;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Says that these rows have been committed by this process. */
  wake(rows: readonly CommittedRow[]): void {
    if (rows.length === 0) return;
    if (!this.#isHolder) {
      void this.#notify();
      return;
    }
    if (this.#held.size + rows.length > maxHeld) this.#held.clear();
    else for (const row of rows) this.#held.set(row.seq, row);
    this.#signal.raise([]);
  }

  /** Publishes what is committed, for 5 s at most, then gives the lock back. */
  async close(): Promise<void> {
    this.#isStopping = true;
    this.#flushUntilMs = performance.now() + flushPatienceMs;
    this.#abort.abort();
    this.#signal.raise([]);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { service, database, log, backOff } = this.#options;
    let failures = 0;
    while (!this.#isStopping) {
      try {
        if (database.session === undefined) throw new Error('a relay needs a database with sessions: PostgreSQL, not the embedded one');
        const session = await database.session(service);
        try {
          await this.#useSession(session, () => (failures = 0));
        } finally {
          this.#isHolder = false;
          this.#held.clear();
          await session.close().catch(() => undefined);
        }
      } catch (error) {
        if (this.#isStopping) return;
        failures += 1;
        if (Number.isInteger(Math.log2(failures))) log.warn({ service, failures, error: String(error) }, 'the relay cannot publish; trying again');
        await backOff(failures, this.#abort.signal);
      }
    }
  }

  async #useSession(session: DatabaseSession, onProgress: () => void): Promise<void> {
    const { service, keyRange } = this.#options;
    const store = new EventStore(session.db, service);
    // A mark that a crash of the database loses is published again, as after any other crash. Plans are kept, and one that was made while
    // the outbox was short would read the whole of it at every round of a long one: only indexes are worth their cost here.
    for (const setting of ['synchronous_commit', 'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'])
      await sql`set ${sql.raw(setting)} to off`.execute(session.db);
    // A process that is stopped, or hangs, keeps its connection; the server ends it then, and the lock is free.
    await sql`set idle_session_timeout to ${sql.lit(lockSilenceMs)}`.execute(session.db);
    while (!(await this.#tryLock(session))) {
      if (this.#isStopping) return;
      await this.#pause(lockRetryMs);
    }
    await session.listen(this.#channel, () => this.#signal.raise([]));
    this.#isHolder = true;
    if (!this.#hasSaid) this.#options.log.info({ service, ...keyRange }, 'publishes the outbox');
    this.#hasSaid = true;
    let nextTrimMs = performance.now() + trimEveryMs;
    let marked = 0;
    for (;;) {
      const seen = this.#signal.version;
      const startedAtMs = performance.now();
      const published = await this.#round(store);
      onProgress();
      marked += published;
      if (marked > vacuumAfter) {
        marked = 0;
        await store.vacuumUnpublished();
      }
      if (published > 0) {
        await pace(roundMs, startedAtMs, published, this.#abort.signal);
        continue;
      }
      if (this.#isStopping) return;
      if (performance.now() > nextTrimMs) {
        await this.#trim(store);
        nextTrimMs = performance.now() + trimEveryMs;
      }
      await this.#signal.waitBeyond(seen, pollMs, this.#abort.signal);
    }
  }

  async #tryLock(session: DatabaseSession): Promise<boolean> {
    const { service, keyRange } = this.#options;
    const { rows } = await sql<{
      locked: boolean;
    }>`select pg_try_advisory_lock(hashtext(${`lisible.relay.${schemaOf(service)}`}), ${keyRange.range}::int) as locked`.execute(session.db);
    return rows[0]?.locked === true;
  }

  /** Publishes and marks the oldest rows; says how many. */
  async #round(store: EventStore): Promise<number> {
    const { broker, crashPoint, metrics, keyRange } = this.#options;
    if (this.#isStopping && performance.now() > this.#flushUntilMs) return 0;
    const waiting = await store.listUnpublished(maxRows, [...this.#held.keys()], keyRange);
    const rows = this.#firstOf(waiting);
    if (rows.length === 0) return 0;
    crashPoint('before-publish');
    await broker.publish(rows.map(({ topic, key, envelope }) => ({ topic, key, value: envelope })));
    crashPoint('after-publish');
    crashPoint('before-mark');
    const seqs = rows.map(({ seq }) => seq);
    await store.markPublished(seqs);
    crashPoint('after-mark');
    for (const seq of seqs) this.#held.delete(seq);
    for (const [topic, ofTopic] of Map.groupBy(rows, (row) => row.topic)) metrics.published.inc({ topic }, ofTopic.length);
    return rows.length;
  }

  /** As many of the oldest as one round carries, whole. */
  #firstOf(
    waiting: readonly UnpublishedRow[],
  ): readonly { readonly seq: number; readonly topic: string; readonly key: string; readonly envelope: string }[] {
    const rows = [];
    let bytes = 0;
    for (const { seq, topic, key, envelope } of waiting) {
      const row = topic === null || key === null || envelope === null ? this.#held.get(seq) : { seq, topic, key, envelope };
      // It was held when the table was asked, and is not any more: it is read in the next round, and so is what comes behind it.
      if (row === undefined) break;
      bytes += row.envelope.length;
      if (rows.length > 0 && bytes > maxBytes) break;
      rows.push(row);
    }
    return rows;
  }

  async #trim(store: EventStore): Promise<void> {
    const before = new Date(this.#options.clock.now().getTime() - this.#options.retentionMs);
    for (;;) if ((await store.trimPublished(before, trimRows)) < trimRows) return;
  }

  /** Tells the replica that publishes; however many commits there are meanwhile, one word at a time. */
  async #notify(): Promise<void> {
    if (this.#notifying !== 'no') {
      this.#notifying = 'again';
      return;
    }
    const { database, service } = this.#options;
    do {
      this.#notifying = 'once';
      try {
        await sql`select pg_notify(${this.#channel}, '')`.execute(database.forService<unknown>(service));
      } catch {
        // The relay looks by itself every now and then.
      }
    } while (this.#hasMoreToTell());
    this.#notifying = 'no';
  }

  #hasMoreToTell(): boolean {
    return this.#notifying === 'again';
  }

  #pause(ms: number): Promise<void> {
    return this.#signal.waitBeyond(this.#signal.version, ms, this.#abort.signal);
  }
}
