import type { ErrorCode, EventData, EventEnvelope, Topic } from '@lisible/contracts';
import type { Transaction } from 'kysely';

/** What an event says, before it has an envelope. */
export interface EmittedMessage<T extends Topic> {
  /** The key: applicationId, modelName, … */
  readonly subject: string;
  readonly data: EventData<T>;
  /** Id of the event or command that caused it; the event's own id derives from cause, topic and subject. */
  readonly cause: string;
  /** The trace it goes on with; that of the request in hand unless told. */
  readonly traceparent?: string | undefined;
}

/** One transaction: effects and outgoing events are committed together or not at all. */
export interface UnitOfWork<Tables> {
  /** The open transaction, bound to the service's schema. */
  readonly sql: Transaction<Tables>;
  /** False for an event of the batch that was handled before: write no effect for it. */
  isNew(event: EventEnvelope): boolean;
  /**
   * Puts one event of the batch aside as a dead letter with this code, in the same transaction; the others go on. Of an event that
   * was handled before, nothing is put aside. @throws Error in a command, which has no event
   */
  reject(event: EventEnvelope, code: ErrorCode): void;
  /** Calls `act` once the transaction is committed, and not at all otherwise: for what may be remembered only of what is recorded. It must not throw. */
  afterCommit(act: () => void): void;
  /** Puts an event into the outbox. @throws Error when the data fails the topic's schema (a bug of the writer). */
  emit<T extends Topic>(topic: T, message: EmittedMessage<T>): Promise<void>;
}
