import type { ServiceName } from '@lisible/contracts';
import type { Participant } from './participant.ts';

/**
 * Carries committed outbox rows to the services that subscribed to them. Service code cannot tell which courier runs:
 * `EmbeddedCourier` in one process now; the one over Kafka takes the same place in distributed mode.
 */
export interface Courier {
  /** Takes a service with all its subscriptions in and starts fetching for it. */
  attach(participant: Participant): Promise<Attachment>;
  /** Says that the service has committed outbox rows, so that nobody waits for the next poll. */
  wake(service: ServiceName): void;
  close(): Promise<void>;
}

export interface Attachment {
  /** Stops fetching, finishes the batch in hand, then resolves. */
  stop(): Promise<void>;
}
