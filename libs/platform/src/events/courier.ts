import type { CommittedRow } from './event-store.ts';
import type { Participant } from './participant.ts';

/**
 * Carries committed outbox rows to the services that subscribed to them. Service code cannot tell which courier runs:
 * the embedded one in one process now; the one over Kafka takes the same place in distributed mode.
 */
export interface Courier {
  /** Whether committed rows wait for a relay that publishes them, instead of being handed over in this process. */
  readonly isRelayed?: boolean;
  /** Takes a service with all its subscriptions in: from here on no broadcast escapes it. Handlers run after `start`. */
  attach(participant: Participant): Promise<Attachment>;
  /** Says that these rows have been committed, in the order of their commits, so that nobody waits for the next poll. */
  wake(rows: readonly CommittedRow[]): void;
  close(): Promise<void>;
}

export interface Attachment {
  start(): void;
  /** False when a consumer stopped by itself or has one batch in hand for minutes. */
  isAlive(): boolean;
  /** Events of shared subscriptions that wait to be handled, by topic. */
  measureLag(): Promise<ReadonlyMap<string, number>>;
  /** Stops fetching, finishes the batch in hand, then resolves. */
  stop(): Promise<void>;
}
