import type { EventData, EventEnvelope, Topic } from '@lisible/contracts';
import { UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { PassThroughFilter } from './pass-through.filter.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Events of one topic in the order they were committed, already validated. */
export interface EventBatch<TData> {
  readonly events: readonly EventEnvelope<TData>[];
}

/** The second half of a handler: SQL only, inside the transaction that advances the position. It may run again after an abort. */
// oxlint-disable-next-line typescript/no-explicit-any -- Kysely's table generics differ per service
export type CommitHalf<Tables = any> = (unit: UnitOfWork<Tables>) => Promise<void>;

export type SharedHandler<T extends Topic> = (batch: EventBatch<EventData<T>>) => Promise<CommitHalf>;
export type BroadcastHandler<T extends Topic> = (batch: EventBatch<EventData<T>>) => Promise<void>;

export type SubscriptionKind = 'shared' | 'broadcast';

/**
 * One replica handles each event, position stored. The method computes outside any transaction (inference, features)
 * and returns its commit half. Errors: `RejectedError` → dead letter, `TransientError` → pause, anything else → retried, then dead letter.
 */
export const SharedSubscription = <T extends Topic>(
  topic: T,
): ((target: object, key: string | symbol, descriptor: Decorated<SharedHandler<T>>) => void) => subscription(topic, 'shared');

/** Every replica sees every event from now on; nothing is stored, so read the owner's present state after subscribing and now and then. */
export const BroadcastSubscription = <T extends Topic>(
  topic: T,
): ((target: object, key: string | symbol, descriptor: Decorated<BroadcastHandler<T>>) => void) => subscription(topic, 'broadcast');

/** What a decorator sees of a method; only read, so a handler may take fewer parameters. */
interface Decorated<H> {
  readonly value?: H;
}

const subscription = (topic: Topic, kind: SubscriptionKind) => {
  const pattern: string = topic;
  return (target: object, key: string | symbol, descriptor: PropertyDescriptor): void => {
    EventPattern(pattern, { subscription: kind })(target, key, descriptor);
    UseFilters(PassThroughFilter)(target, key, descriptor);
  };
};
