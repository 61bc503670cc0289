import type { Topic } from '@lisible/contracts';
import type { OutboxRow } from './event-store.ts';
import type { EventIdentity, Received } from './received-message.ts';
import { receiveText } from './received-message.ts';

/** One message on its way into a service, read and not yet judged by a handler. */
export interface Delivery {
  readonly partition: number;
  /** Its place in the partition: the broker's offset, or the writer's sequence number. */
  readonly offset: number;
  /** What a dead letter of it is keyed by. */
  readonly key: string;
  readonly content: Received | { readonly kind: 'not-ours' };
  /** What it is entered under in the inbox, where that is not the event's own identity: a replay is handled once more. */
  readonly enteredAs?: EventIdentity;
}

/** Without a broker everything lies in one partition. */
export const onlyPartition = 0;

/** An outbox row as it is handed over in one process: parsed already where its writer has just written it. */
export const deliverRow = (topic: Topic, row: OutboxRow): Delivery => ({
  partition: onlyPartition,
  offset: row.seq,
  key: row.key,
  content: row.event === undefined ? receiveText(topic, row.envelope, { key: row.key, sentAt: new Date(0) }) : { kind: 'event', event: row.event },
});

/** The inbox entry of a delivery; null where nothing in it tells one message from another. */
export const inboxIdentityOf = ({ enteredAs, content }: Delivery): EventIdentity | null => {
  if (enteredAs !== undefined) return enteredAs;
  if (content.kind === 'event') return { source: content.event.source, id: content.event.id };
  return content.kind === 'fault' ? content.identity : null;
};
