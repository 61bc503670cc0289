import { deadLetterSchema, deadLetterTopic, eventEnvelopeSchema } from '@lisible/contracts';
import type { DeadLetter } from '@lisible/contracts';
import { readRange, replayConsumerHeader, replayOfHeader } from '@lisible/platform';
import type { Broker, PlacedMessage } from '@lisible/platform';

/** A message that was put aside, as the topic of dead letters tells. */
export interface PutAside extends DeadLetter {
  /** Id of the dead letter itself, by which it is shown and replayed. */
  readonly deadLetterId: string;
  readonly key: string;
  /** ISO 8601. */
  readonly putAsideAt: string;
}

export interface Selection {
  readonly reason?: string | undefined;
  readonly consumer?: string | undefined;
  readonly topic?: string | undefined;
  /** ISO 8601: not older. */
  readonly since?: string | undefined;
}

/** What can be mended by the person at the keyboard; its message says how. */
export class DeadLetterError extends Error {
  override readonly name = 'DeadLetterError';
}

/** Dead letters in the order they were written, each once, though a relay may have published one twice. */
export const listDeadLetters = async (broker: Broker, selection: Selection = {}): Promise<readonly PutAside[]> => {
  const ranges = await broker.listRanges(deadLetterTopic);
  const messages = await readRange(broker, deadLetterTopic, { from: new Map(ranges.map(({ partition, begin }) => [partition, begin])) });
  const found = new Map<string, PutAside>();
  for (const message of messages) {
    const letter = readDeadLetter(message);
    if (letter !== null && fits(letter, selection) && !found.has(letter.deadLetterId)) found.set(letter.deadLetterId, letter);
  }
  return [...found.values()];
};

/** @param id of a dead letter, or its beginning. @throws DeadLetterError when it names none, or several */
export const getDeadLetter = async (broker: Broker, id: string): Promise<PutAside> => {
  const found = (await listDeadLetters(broker)).filter(({ deadLetterId }) => deadLetterId.startsWith(id));
  const [only, ...more] = found;
  if (only === undefined) throw new DeadLetterError(`There is no dead letter ${id}: npm run dead-letters -- list shows those there are.`);
  if (more.length > 0) throw new DeadLetterError(`${found.length} dead letters begin with ${id}: say more of the id.`);
  return only;
};

/** The message itself, with the bytes its writer sent. @throws DeadLetterError when the broker does not hold it any more */
export const getOrigin = async (broker: Broker, { origin }: PutAside): Promise<PlacedMessage> => {
  const { topic, partition, offset } = origin;
  const [message] = await readRange(broker, topic, { from: new Map([[partition, offset]]), to: new Map([[partition, offset + 1]]) });
  if (message?.offset !== offset)
    throw new DeadLetterError(
      `The message at ${topic}/${partition}/${offset} is gone from the broker (retention): it has to be sent again by its writer.`,
    );
  return message;
};

/**
 * Publishes the original bytes again to the topic they came on, for the consumer alone that had put them aside. However often this is
 * done, the consumer handles that dead letter's message once more, once; if it refuses it again, that is a new dead letter.
 * @throws DeadLetterError when the message is gone from the broker
 */
export const replay = async (broker: Broker, letters: readonly PutAside[]): Promise<void> => {
  // All are found before any is sent: half a replay would be hard to tell from a whole one.
  const origins = [];
  for (const letter of letters) origins.push({ letter, message: await getOrigin(broker, letter) });
  for (const { letter, message } of origins) {
    const { traceparent } = message.headers;
    await broker.publish([
      {
        topic: letter.origin.topic,
        key: message.key,
        value: message.value,
        headers: {
          ...(traceparent === undefined ? {} : { traceparent }),
          [replayConsumerHeader]: letter.consumer,
          [replayOfHeader]: letter.deadLetterId,
        },
      },
    ]);
  }
};

const readDeadLetter = (message: PlacedMessage): PutAside | null => {
  const envelope = eventEnvelopeSchema.safeParse(parse(message.value));
  if (!envelope.success) return null;
  const letter = deadLetterSchema.safeParse(envelope.data.data);
  if (!letter.success) return null;
  const { id, subject, time } = envelope.data;
  return { ...letter.data, deadLetterId: id, key: subject, putAsideAt: time };
};

const parse = (bytes: Uint8Array | null): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes ?? []).toString('utf8'));
  } catch {
    return undefined;
  }
};

const fits = (letter: PutAside, { reason, consumer, topic, since }: Selection): boolean =>
  (reason === undefined || letter.reason === reason) &&
  (consumer === undefined || letter.consumer === consumer) &&
  (topic === undefined || letter.origin.topic === topic) &&
  (since === undefined || Date.parse(letter.putAsideAt) >= Date.parse(since));
