import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker, BrokerMessage } from './broker.ts';

/** A message and where it lies. */
export interface PlacedMessage extends BrokerMessage {
  readonly partition: number;
}

/**
 * Every message of a topic from the given offsets up to others, for tools: under a group of its own, with nothing stored. A partition
 * that is in `from` but not in `to` is read to its present end; one in neither is not read.
 * @throws Error when the topic or the broker is not there
 */
export const readRange = async (
  broker: Broker,
  topic: string,
  bounds: { readonly from: ReadonlyMap<number, number>; readonly to?: ReadonlyMap<number, number> },
): Promise<readonly PlacedMessage[]> => {
  const left = new Map<number, { next: number; readonly end: number }>();
  for (const { partition, begin, end } of await broker.listRanges(topic)) {
    const from = bounds.from.get(partition);
    if (from === undefined) continue;
    const range = { next: Math.max(from, begin), end: Math.min(bounds.to?.get(partition) ?? end, end) };
    if (range.next < range.end) left.set(partition, range);
  }
  const found: PlacedMessage[] = [];
  if (left.size === 0) return found;
  const done = Promise.withResolvers<null>();
  const pass = (partition: number, next: number): void => {
    const range = left.get(partition);
    if (range === undefined) return;
    range.next = next;
    if (next >= range.end) left.delete(partition);
    if (left.size === 0) done.resolve(null);
  };
  for (let attempt = 1; ; attempt += 1) {
    const reader = broker.openReader({
      groupId: `lisible.tool.${randomUUID()}`,
      topic,
      onAssigned: () => Promise.resolve(new Map([...left].map(([partition, { next }]) => [partition, next]))),
      onBatch: ({ partition, messages, next }) => {
        const end = left.get(partition)?.end ?? 0;
        found.push(...messages.filter(({ offset }) => offset < end).map((message) => ({ ...message, partition })));
        pass(partition, next);
        return Promise.resolve(true);
      },
      onPassed: pass,
    });
    const reason = await Promise.race([reader.ended, done.promise]);
    await reader.stop({ abandon: reason !== null });
    if (reason === null) return found;
    // A broker that has just started does not know its groups yet; another reader goes on where this one stood.
    if (attempt === maxAttempts) throw reason;
    await sleep(retryMs);
  }
};

const maxAttempts = 6;
const retryMs = 1_000;
