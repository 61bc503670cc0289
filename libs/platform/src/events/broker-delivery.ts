import type { ServiceName, Topic } from '@lisible/contracts';
import type { BrokerMessage } from './broker.ts';
import type { Delivery } from './delivery.ts';
import { isIdentifier, receiveMessage } from './received-message.ts';

/** Header of a message that was published again for one consumer alone: its name. */
export const replayConsumerHeader = 'lisible-replay-consumer';
/** Header that names the dead letter of which a message is the replay: its event id. */
export const replayOfHeader = 'lisible-replay-of';
/** The `source` under which a replay is entered in the inbox, with the dead letter's id: once handled, it is not handled again. */
const replaySource = 'urn:lisible:replay';

/** A message from a broker, read for one service. */
export const deliverMessage = (topic: Topic, partition: number, message: BrokerMessage, service: ServiceName): Delivery => {
  const { offset, key, headers } = message;
  // A key goes into the record of a dead letter, so it has to be an identifier.
  const place = { partition, offset, key: isIdentifier(key) ? key : `${partition}-${offset}` };
  const replayFor = headers[replayConsumerHeader];
  if (replayFor !== undefined && replayFor !== service) return { ...place, content: { kind: 'not-ours' } };
  const content = receiveMessage(topic, message.value, message);
  const replayOf = headers[replayOfHeader];
  return replayFor === undefined || !isIdentifier(replayOf)
    ? { ...place, content }
    : { ...place, content, enteredAs: { source: replaySource, id: replayOf } };
};
