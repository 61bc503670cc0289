import type { DeadLetterReason, EventEnvelope } from '@lisible/contracts';
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { CrashPoint } from '../crash-point.ts';
import { isDatabaseUnavailable } from '../database/database-errors.ts';
import { RejectedError, TransientError } from '../errors.ts';
import { findTraceId } from '../trace/trace-context.ts';
import type { BackOff } from './back-off.ts';
import type { Courier } from './courier.ts';
import type { Delivery } from './delivery.ts';
import { inboxIdentityOf } from './delivery.ts';
import type { EventStore } from './event-store.ts';
import { PositionMovedError, inboxKey } from './event-store.ts';
import { OutgoingUnit } from './outgoing.unit.ts';
import type { AnyCommitHalf, Participant, Subscription } from './participant.ts';

export interface SharedHandlingOptions {
  readonly participant: Participant;
  readonly subscription: Subscription;
  /** The consumer's own tables. */
  readonly own: EventStore;
  // oxlint-disable-next-line typescript/no-explicit-any -- the consumer's tables are its service's affair
  readonly database: Kysely<any>;
  /** Told of every commit. */
  readonly courier: Pick<Courier, 'wake' | 'isRelayed'>;
  readonly clock: Clock;
  readonly crashPoint: CrashPoint;
  readonly backOff: BackOff;
}

/** A delivery that becomes a dead letter, and why. */
interface PutAside {
  readonly delivery: Delivery;
  readonly reason: DeadLetterReason;
  readonly attempts: number;
}

/** How often a handler may fail at one event, for no reason it knows, before the event is put aside. */
const maxAttempts = 5;

/**
 * What every courier does with the messages of a shared subscription, exactly one effect an event: positions move, the inbox fills and
 * the effects are written in one transaction, dead letters too. A batch that fails is halved until the bad event is alone, so its
 * neighbours keep their order. It remembers where each partition stands; whoever reads the messages tells it when that changes.
 */
export class SharedHandling {
  readonly #options: SharedHandlingOptions;
  readonly #abort = new AbortController();
  readonly #next = new Map<number, number>();

  constructor(options: SharedHandlingOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Aborted by `stop`. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Nothing is begun any more; what is in hand ends. */
  stop(): void {
    this.#abort.abort();
  }

  /** The stored position of a partition, as it was read. */
  standAt(partition: number, next: number): void {
    this.#next.set(partition, next);
  }

  /** The first offset that is not handled yet. @throws Error when the partition stands nowhere */
  nextOf(partition: number): number {
    const next = this.#next.get(partition);
    if (next === undefined) throw new Error(`partition ${partition} of ${this.#topic} has no position here`);
    return next;
  }

  /**
   * Handles messages that begin where their partitions stand, those of one partition in order. After `stop` it may return early: the
   * positions tell what is done. @throws whatever says nothing about the messages (`PositionMovedError`, `TransientError`, a database
   * that is away): the positions have to be read again, and what lies above them comes again.
   */
  async handle(deliveries: readonly Delivery[]): Promise<void> {
    try {
      await this.#deliver(deliveries);
    } catch (error) {
      if (mustPause(error)) throw error;
      const [only, ...more] = deliveries;
      if (only === undefined) return;
      if (more.length === 0) return this.#handleAlone(only, error);
      const middle = Math.ceil(deliveries.length / 2);
      await this.handle(deliveries.slice(0, middle));
      if (!this.isStopped) await this.handle(deliveries.slice(middle));
    }
  }

  async #handleAlone(delivery: Delivery, firstError: unknown): Promise<void> {
    const { participant, backOff } = this.#options;
    let error = firstError;
    for (let attempts = 1; ; attempts += 1) {
      if (error instanceof RejectedError) return this.#putAside({ delivery, reason: error.code, attempts }, error);
      if (attempts === maxAttempts) return this.#putAside({ delivery, reason: 'internal', attempts }, error);
      participant.log.warn({ ...placeOf(this.#topic, delivery), attempts, error: describe(error) }, 'a handler failed; trying again');
      await backOff(attempts, this.#abort.signal);
      if (this.isStopped) return;
      try {
        return await this.#deliver([delivery]);
      } catch (next) {
        if (mustPause(next)) throw next;
        error = next;
      }
    }
  }

  async #deliver(deliveries: readonly Delivery[]): Promise<void> {
    const startedAtMs = performance.now();
    const faults = deliveries.flatMap((delivery): PutAside[] =>
      delivery.content.kind === 'fault' ? [{ delivery, reason: delivery.content.reason, attempts: 1 }] : [],
    );
    const events = distinctEvents(deliveries);
    let commitHalf: AnyCommitHalf | null = null;
    if (events.length > 0) {
      const prepared = await this.#options.subscription.handle({ events });
      if (!isCommitHalf(prepared)) throw new Error(`The handler of ${this.#topic} returned no commit half`);
      commitHalf = prepared;
    }
    this.#options.crashPoint('after-prepare');
    const aside = await this.#commit(deliveries, faults, commitHalf);
    this.#countHandled(deliveries.length - aside.length);
    for (const one of aside) this.#tell(one);
    this.#recordSpans(events, performance.now() - startedAtMs);
  }

  /** Events that were handled together took the same time; each is on its own trace. */
  #recordSpans(events: readonly EventEnvelope[], durationMs: number): void {
    const { spans } = this.#options.participant;
    if (spans === undefined) return;
    for (const { id, subject, traceparent } of events)
      spans.record({
        name: `process ${this.#topic}`,
        kind: 'consumer',
        traceparent,
        durationMs,
        isError: false,
        attributes: {
          'messaging.destination.name': this.#topic,
          'messaging.batch.message_count': events.length,
          'cloudevents.event_id': id,
          'cloudevents.event_subject': subject,
        },
      });
  }

  async #putAside(one: PutAside, error: unknown): Promise<void> {
    for (const aside of await this.#commit([one.delivery], [one], null)) this.#tell(aside, error);
  }

  /** One transaction; moves the positions once it is committed. Returns what was put aside in it. */
  async #commit(deliveries: readonly Delivery[], faults: readonly PutAside[], commitHalf: AnyCommitHalf | null): Promise<readonly PutAside[]> {
    const { database, own, participant, clock, crashPoint, courier } = this.#options;
    const moves = this.#movesOver(deliveries);
    const identities = deliveries.flatMap((delivery) => inboxIdentityOf(delivery) ?? []);
    const { unit, aside, appended } = await database.transaction().execute(async (transaction) => {
      const fresh = await own.advance(transaction, this.#topic, moves, identities);
      const isFresh = (delivery: Delivery): boolean => {
        const identity = inboxIdentityOf(delivery);
        return identity === null || fresh.has(inboxKey(identity));
      };
      const newEvents = deliveries.flatMap((delivery) =>
        delivery.content.kind === 'event' && isFresh(delivery) ? [inboxKey(delivery.content.event)] : [],
      );
      const opened = new OutgoingUnit<unknown>(transaction, participant.service, clock, new Set(newEvents));
      await commitHalf?.(opened);
      // What a relay published twice is put aside once.
      const putAside = [...faults.filter(({ delivery }) => isFresh(delivery)), ...this.#rejectedIn(opened, deliveries)];
      for (const { delivery, reason, attempts } of putAside)
        opened.emitDeadLetter(
          delivery.key,
          { reason, consumer: participant.service, origin: originOf(this.#topic, delivery), attempts },
          traceparentOf(delivery),
        );
      crashPoint('before-commit');
      const rows = await own.appendOutbox(transaction, opened.entries, { forRelay: courier.isRelayed === true });
      return { unit: opened, aside: putAside, appended: rows };
    });
    for (const { partition, next } of moves) this.#next.set(partition, next);
    crashPoint('after-commit');
    unit.committed();
    crashPoint('before-wake');
    courier.wake(appended);
    return aside;
  }

  /** What the commit half put aside by itself, each with the delivery it came in. */
  #rejectedIn(unit: OutgoingUnit<unknown>, deliveries: readonly Delivery[]): readonly PutAside[] {
    if (unit.rejections.size === 0) return [];
    const taken = new Set<string>();
    return deliveries.flatMap((delivery): PutAside[] => {
      if (delivery.content.kind !== 'event') return [];
      const key = inboxKey(delivery.content.event);
      const reason = unit.rejections.get(key);
      if (reason === undefined || taken.has(key)) return [];
      taken.add(key);
      return [{ delivery, reason, attempts: 1 }];
    });
  }

  #movesOver(deliveries: readonly Delivery[]): readonly { readonly partition: number; readonly expected: number; readonly next: number }[] {
    const moves = new Map<number, { partition: number; expected: number; next: number }>();
    for (const { partition, offset } of deliveries) {
      const move = moves.get(partition);
      if (move === undefined) moves.set(partition, { partition, expected: this.nextOf(partition), next: offset + 1 });
      else move.next = offset + 1;
    }
    return [...moves.values()];
  }

  #countHandled(count: number): void {
    if (count > 0) this.#options.participant.metrics.handled.inc({ topic: this.#topic, outcome: 'handled' }, count);
  }

  #tell({ delivery, reason, attempts }: PutAside, error?: unknown): void {
    const { participant } = this.#options;
    participant.metrics.deadLetters.inc({ topic: this.#topic, reason });
    participant.metrics.handled.inc({ topic: this.#topic, outcome: 'dead-letter' });
    const fields = { ...placeOf(this.#topic, delivery), attempts, reason };
    if (reason === 'internal')
      participant.log.error({ ...fields, error: describe(error) }, 'a handler fails at this event: put aside as a dead letter');
    else participant.log.warn(fields, 'rejected: put aside as a dead letter');
  }

  get #topic(): Subscription['topic'] {
    return this.#options.subscription.topic;
  }
}

/** Errors that say nothing about the events in hand: nothing of the batch is judged, it comes again. */
export const mustPause = (error: unknown): boolean =>
  error instanceof PositionMovedError || error instanceof TransientError || isDatabaseUnavailable(error);

/** The code under which a pause is logged. */
export const pauseCodeOf = (error: unknown): string => (error instanceof TransientError ? error.code : 'service-unavailable');

const isCommitHalf = (value: unknown): value is AnyCommitHalf => typeof value === 'function';

/** A relay that published twice makes one event appear twice in a batch. */
const distinctEvents = (deliveries: readonly Delivery[]): readonly EventEnvelope[] => [
  ...new Map(deliveries.flatMap(({ content }) => (content.kind === 'event' ? [[inboxKey(content.event), content.event] as const] : []))).values(),
];

const originOf = (topic: string, delivery: Delivery) => {
  const { partition, offset, content } = delivery;
  const identity = content.kind === 'event' ? content.event : content.kind === 'fault' ? content.identity : null;
  return { topic, partition, offset, ...(identity === null ? {} : { source: identity.source, id: identity.id }) };
};

const traceparentOf = ({ content }: Delivery): string | undefined => (content.kind === 'event' ? content.event.traceparent : undefined);

const placeOf = (topic: string, { partition, offset, content }: Delivery) => ({
  topic,
  partition,
  offset,
  ...(content.kind === 'event' ? { eventId: content.event.id, correlationId: findTraceId(content.event.traceparent) } : {}),
});

/** A bug's own words and where it happened; handlers never put a client's data into an error. */
const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
