import type { ServiceName, Topic } from '@lisible/contracts';
import type { Counter, Gauge } from 'prom-client';
import type { SpanExport } from '../trace/span-export.ts';
import type { EventBatch } from './subscriptions.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** One handler of a service, as the transport found it; what it returns is checked by whoever called it. */
export interface Subscription {
  readonly kind: 'shared' | 'broadcast';
  readonly topic: Topic;
  handle(batch: EventBatch<unknown>): Promise<unknown>;
}

/** The part of a pino logger that the courier needs. */
export interface EventLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface EventMetrics {
  readonly handled: Counter<'topic' | 'outcome'>;
  readonly deadLetters: Counter<'topic' | 'reason'>;
  readonly lag: Gauge<'topic'>;
  readonly published: Counter<'topic'>;
  readonly unpublished: Gauge;
  /** Consumers that were replaced because they did not move. */
  readonly replaced: Counter<'topic'>;
  /** 1 for a consumer that stopped for good: its stored position is not at the broker any more. */
  readonly stopped: Gauge<'topic'>;
}

/** A service as the courier sees it. */
export interface Participant {
  readonly service: ServiceName;
  readonly subscriptions: readonly Subscription[];
  readonly log: EventLog;
  readonly metrics: EventMetrics;
  /** Absent: nobody wants spans. */
  readonly spans?: SpanExport | undefined;
}

/** The commit half of any service: the courier cannot know its tables. */
// oxlint-disable-next-line typescript/no-explicit-any -- Kysely's table generics differ per service
export type AnyCommitHalf = (unit: UnitOfWork<any>) => Promise<void>;
