import type { ErrorCode, EventEnvelope } from '@lisible/contracts';
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { CrashPoint } from '../crash-point.ts';
import { isDatabaseUnavailable } from '../database/database-errors.ts';
import { RejectedError, TransientError } from '../errors.ts';
import type { BackOff } from './back-off.ts';
import { eventSource } from './event-id.ts';
import type { CommittedRow, EventStore, OutboxRow } from './event-store.ts';
import { PositionMovedError, inboxKey } from './event-store.ts';
import { OutgoingUnit } from './outgoing.unit.ts';
import type { AnyCommitHalf, Participant, Subscription } from './participant.ts';
import { receiveEvent } from './received-event.ts';
import { nextRows } from './topic-signal.ts';
import type { TopicFollower, TopicSignal } from './topic-signal.ts';

export interface SharedConsumerOptions {
  readonly participant: Participant;
  readonly subscription: Subscription;
  /** The writer's tables, read from. */
  readonly source: EventStore;
  readonly writer: Parameters<typeof eventSource>[0];
  /** The consumer's own tables. */
  readonly own: EventStore;
  // oxlint-disable-next-line typescript/no-explicit-any -- the consumer's tables are its service's affair
  readonly database: Kysely<any>;
  readonly signal: TopicSignal;
  readonly wake: (rows: readonly CommittedRow[]) => void;
  readonly clock: Clock;
  readonly crashPoint: CrashPoint;
  readonly backOff: BackOff;
  readonly batchSize: number;
  readonly pollMs: number;
}

/** How often a handler may fail at one event, for no reason it knows, before the event is put aside. */
const maxAttempts = 5;

/**
 * Hands one topic to one service, exactly one effect an event: the position moves, the inbox fills and the effects are
 * written in one transaction. A batch that fails is halved until the bad event is alone, so its neighbours keep their order.
 */
export class SharedConsumer {
  readonly #options: SharedConsumerOptions;
  readonly #abort = new AbortController();
  readonly #follower: TopicFollower;
  #next = 1;
  #busySince: Date | null = null;

  constructor(options: SharedConsumerOptions) {
    this.#options = options;
    this.#follower = options.signal.follow();
  }

  /** Since when the batch in hand is being handled; null between batches. */
  get busySince(): Date | null {
    return this.#busySince;
  }

  async prepare(): Promise<void> {
    this.#next = await this.#options.own.getOrCreatePosition(this.#topic);
  }

  countLag(): Promise<number> {
    return this.#options.source.countOutbox(this.#topic, this.#next);
  }

  stop(): void {
    this.#abort.abort();
    this.#options.signal.unfollow(this.#follower);
  }

  /** Runs until stopped; the batch in hand is finished first. */
  async run(): Promise<void> {
    let failures = 0;
    while (!this.#isStopped) {
      try {
        await this.#step();
        failures = 0;
      } catch (error) {
        if (this.#isStopped) return;
        failures += 1;
        this.#busySince = null;
        await this.#pause(error, failures);
      }
    }
  }

  async #step(): Promise<void> {
    const { source, signal, batchSize, pollMs, crashPoint, clock } = this.#options;
    const seen = signal.version;
    const next = this.#next;
    const rows = await nextRows(this.#follower, next, batchSize, () => source.listOutbox(this.#topic, next, batchSize));
    if (rows.length === 0) {
      await signal.waitBeyond(seen, pollMs, this.#abort.signal);
      // Nothing was said for so long: the table is asked, which heals what a wake cannot see.
      if (signal.version === seen) this.#follower.lose();
      return;
    }
    crashPoint('after-receive');
    this.#busySince = clock.now();
    await this.#handle(rows);
    this.#busySince = null;
  }

  /** The stored position is the truth after anything that went wrong. */
  async #pause(error: unknown, failures: number): Promise<void> {
    const { participant, own, backOff } = this.#options;
    this.#follower.lose();
    if (!(error instanceof PositionMovedError)) {
      // At the first, second, fourth, … failure: a dependency that is away for an hour is not worth an hour of lines.
      if (Number.isInteger(Math.log2(failures)))
        participant.log.warn({ topic: this.#topic, next: this.#next, failures, code: codeOf(error) }, 'paused: something needed is not there');
      await backOff(failures, this.#abort.signal);
    }
    try {
      this.#next = await own.getPosition(this.#topic);
    } catch (unreadable) {
      participant.log.warn({ topic: this.#topic, error: String(unreadable) }, 'position not readable');
    }
  }

  async #handle(rows: readonly OutboxRow[]): Promise<void> {
    try {
      await this.#deliver(rows);
    } catch (error) {
      if (mustPause(error)) throw error;
      const [only, ...more] = rows;
      if (only === undefined) return;
      if (more.length === 0) return this.#handleAlone(only, error);
      const middle = Math.ceil(rows.length / 2);
      await this.#handle(rows.slice(0, middle));
      if (!this.#isStopped) await this.#handle(rows.slice(middle));
    }
  }

  async #handleAlone(row: OutboxRow, firstError: unknown): Promise<void> {
    let error = firstError;
    for (let attempts = 1; ; attempts += 1) {
      if (error instanceof RejectedError) return this.#putAside(row, error.code, attempts, error);
      if (attempts === maxAttempts) return this.#putAside(row, 'internal', attempts, error);
      this.#options.participant.log.warn({ topic: this.#topic, eventId: row.id, attempts, error: describe(error) }, 'a handler failed; trying again');
      await this.#options.backOff(attempts, this.#abort.signal);
      if (this.#isStopped) return;
      try {
        return await this.#deliver([row]);
      } catch (next) {
        if (mustPause(next)) throw next;
        error = next;
      }
    }
  }

  async #deliver(rows: readonly OutboxRow[]): Promise<void> {
    const events = distinct(rows.map((row) => receiveEvent(this.#subscription.topic, row)));
    const commitHalf = await this.#subscription.handle({ events });
    if (!isCommitHalf(commitHalf)) throw new Error(`The handler of ${this.#topic} returned no commit half`);
    this.#options.crashPoint('after-prepare');
    await this.#commit(rows, events, commitHalf);
    this.#options.participant.metrics.handled.inc({ topic: this.#topic, outcome: 'handled' }, rows.length);
  }

  /** One transaction; moves `#next` once it is committed. */
  async #commit(
    rows: readonly OutboxRow[],
    events: readonly Pick<EventEnvelope, 'source' | 'id'>[],
    commitHalf: (unit: OutgoingUnit<unknown>) => Promise<void>,
  ): Promise<void> {
    const { database, own, participant, clock, crashPoint, wake } = this.#options;
    const last = rows.at(-1);
    if (last === undefined) return;
    const next = last.seq + 1;
    const { unit, appended } = await database.transaction().execute(async (transaction) => {
      const newEvents = await own.advance(transaction, this.#topic, this.#next, next, events);
      const opened = new OutgoingUnit<unknown>(transaction, participant.service, clock, newEvents);
      await commitHalf(opened);
      crashPoint('before-commit');
      const rowsOut = await own.appendOutbox(transaction, opened.entries);
      return { unit: opened, appended: rowsOut };
    });
    this.#next = next;
    crashPoint('after-commit');
    unit.committed();
    crashPoint('before-wake');
    wake(appended);
  }

  async #putAside(row: OutboxRow, reason: ErrorCode, attempts: number, error: unknown): Promise<void> {
    const { participant, writer } = this.#options;
    const source = eventSource(writer);
    const origin = { topic: this.#topic, source, id: row.id, seq: row.seq };
    await this.#commit([row], [{ source, id: row.id }], (unit) => {
      unit.emitDeadLetter(row.key, { reason, consumer: participant.service, origin, attempts });
      return Promise.resolve();
    });
    participant.metrics.deadLetters.inc({ topic: this.#topic, reason });
    participant.metrics.handled.inc({ topic: this.#topic, outcome: 'dead-letter' });
    const fields = { topic: this.#topic, eventId: row.id, seq: row.seq, attempts, reason };
    if (reason === 'internal')
      participant.log.error({ ...fields, error: describe(error) }, 'a handler fails at this event: put aside as a dead letter');
    else participant.log.warn(fields, 'rejected: put aside as a dead letter');
  }

  get #subscription(): Subscription {
    return this.#options.subscription;
  }

  get #topic(): string {
    return this.#options.subscription.topic;
  }

  get #isStopped(): boolean {
    return this.#abort.signal.aborted;
  }
}

/** Errors that say nothing about the events in hand: nothing of the batch is judged, it comes again. */
const mustPause = (error: unknown): boolean => error instanceof PositionMovedError || error instanceof TransientError || isDatabaseUnavailable(error);

const isCommitHalf = (value: unknown): value is AnyCommitHalf => typeof value === 'function';

/** A relay that published twice makes one event appear twice in a batch. */
const distinct = (events: readonly EventEnvelope[]): readonly EventEnvelope[] => [
  ...new Map(events.map((event) => [inboxKey(event), event])).values(),
];

const codeOf = (error: unknown): string => (error instanceof TransientError ? error.code : 'service-unavailable');

/** A bug's own words and where it happened; handlers never put a client's data into an error. */
const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
