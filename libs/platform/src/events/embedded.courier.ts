import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Courier } from './courier.ts';

export interface EmbeddedCourierOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Outbox rows that every shared consumer has passed are kept this long; default 7 days. */
  readonly retentionMs?: number;
}

/** Hands outbox rows to the consumers in the same process. */
export const createEmbeddedCourier = (options: EmbeddedCourierOptions): Courier => {
  throw new Error(String(options));
};
