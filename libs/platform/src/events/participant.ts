import type { ServiceName, Topic } from '@lisible/contracts';
import type { BroadcastHandler, SharedHandler } from './subscriptions.ts';

/** One handler of a service, as the transport found it. */
export type Subscription =
  | { readonly kind: 'shared'; readonly topic: Topic; readonly handle: SharedHandler<Topic> }
  | { readonly kind: 'broadcast'; readonly topic: Topic; readonly handle: BroadcastHandler<Topic> };

/** A service as the courier sees it. */
export interface Participant {
  readonly service: ServiceName;
  readonly subscriptions: readonly Subscription[];
}
