import { deadLetterSchema, deadLetterTopic, eventDataSchemas, maxEventBytes, topicDefinitions } from '@lisible/contracts';
import type { DeadLetter, ErrorCode, EventEnvelope, ServiceName, Topic } from '@lisible/contracts';
import type { Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import { findCurrentTraceparent } from '../trace/trace-context.ts';
import { eventId, eventSource } from './event-id.ts';
import type { OutboxEntry } from './event-store.ts';
import { inboxKey } from './event-store.ts';
import type { EmittedMessage, UnitOfWork } from './unit-of-work.ts';

/** A unit of work that collects outgoing events; whoever opened the transaction writes them as its last statement. */
export class OutgoingUnit<Tables> implements UnitOfWork<Tables> {
  readonly sql: Transaction<Tables>;
  readonly #service: ServiceName;
  readonly #clock: Clock;
  /** Null for commands: there every event is new. */
  readonly #newEvents: ReadonlySet<string> | null;
  readonly #entries = new Map<string, OutboxEntry>();
  readonly #afterCommit: (() => void)[] = [];
  readonly #rejections = new Map<string, ErrorCode>();

  constructor(transaction: Transaction<Tables>, service: ServiceName, clock: Clock, newEvents: ReadonlySet<string> | null) {
    this.sql = transaction;
    this.#service = service;
    this.#clock = clock;
    this.#newEvents = newEvents;
  }

  get entries(): readonly OutboxEntry[] {
    return [...this.#entries.values()];
  }

  /** Events that the commit half refused, by `inboxKey`. */
  get rejections(): ReadonlyMap<string, ErrorCode> {
    return this.#rejections;
  }

  reject(event: EventEnvelope, code: ErrorCode): void {
    if (this.#newEvents === null) throw new Error('A command has no event to refuse: throw the RejectedError');
    if (this.isNew(event)) this.#rejections.set(inboxKey(event), code);
  }

  afterCommit(act: () => void): void {
    this.#afterCommit.push(act);
  }

  /** For whoever opened the transaction, once it is committed. */
  committed(): void {
    for (const act of this.#afterCommit) act();
  }

  isNew(event: EventEnvelope): boolean {
    return this.#newEvents === null || this.#newEvents.has(inboxKey(event));
  }

  // Async, so that bad data rejects like every other failure of a commit half instead of throwing before its promise.
  async emit<T extends Topic>(topic: T, message: EmittedMessage<T>): Promise<void> {
    const { writer } = topicDefinitions[topic];
    if (writer !== this.#service) throw new Error(`${this.#service} may not write ${topic}: its writer is ${writer}`);
    this.#append(topic, message.subject, message.cause, eventDataSchemas[topic].parse(message.data), message.traceparent);
    return Promise.resolve();
  }

  /** Its id derives from where the message lies, so that each message has its own. */
  emitDeadLetter(subject: string, deadLetter: DeadLetter, traceparent?: string): void {
    const { topic, partition, offset } = deadLetter.origin;
    this.#append(deadLetterTopic, subject, `${topic}/${partition}/${offset}`, deadLetterSchema.parse(deadLetter), traceparent);
  }

  #append(topic: string, subject: string, cause: string, data: unknown, traceparent: string | undefined): void {
    const id = eventId(cause, topic, subject);
    if (this.#entries.has(id))
      throw new Error(`Two events on ${topic} have one cause and one subject in the same transaction; give each its own cause`);
    const trace = traceparent ?? findCurrentTraceparent();
    const envelope: EventEnvelope = {
      specversion: '1.0',
      id,
      source: eventSource(this.#service),
      type: topic,
      time: this.#clock.now().toISOString(),
      subject,
      datacontenttype: 'application/json',
      dataschema: `urn:lisible:schema:${topic}`,
      ...(trace === null ? {} : { traceparent: trace }),
      data,
    };
    const text = JSON.stringify(envelope);
    // A broker would refuse it for ever, and everything behind it would wait.
    if (Buffer.byteLength(text) > maxEventBytes) throw new Error(`An event on ${topic} is longer than ${maxEventBytes} bytes`);
    this.#entries.set(id, { id, topic, key: subject, envelope: text, event: envelope });
  }
}
