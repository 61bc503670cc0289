import { isUtf8 } from 'node:buffer';
import { eventDataSchemas, eventEnvelopeSchema, maxEventBytes, outsideEnvelopeSchema, topicDefinitions } from '@lisible/contracts';
import type { DeadLetterReason, EventEnvelope, Topic } from '@lisible/contracts';
import { continueTrace } from '../trace/trace-context.ts';

/** What makes an event one event (CloudEvents: source and id together). */
export interface EventIdentity {
  readonly source: string;
  readonly id: string;
}

/** A message is an event, or something is wrong with it that no repetition mends. */
export type Received =
  | { readonly kind: 'event'; readonly event: EventEnvelope }
  | {
      readonly kind: 'fault';
      readonly reason: DeadLetterReason;
      /** Where it can be read from what came. */
      readonly identity: EventIdentity | null;
    };

/** What stands beside a message's bytes. */
export interface MessageFacts {
  readonly key: string | null;
  readonly sentAt: Date;
}

/** Parses the bytes of a message of a topic; never throws. What is said of a fault names identifiers only, never what was there. */
export const receiveMessage = (topic: Topic, bytes: Uint8Array | null, facts: MessageFacts): Received => {
  if (bytes === null || bytes.byteLength === 0) return fault('empty');
  if (bytes.byteLength > maxEventBytes) return fault('too-large');
  if (!isUtf8(bytes)) return fault('not-json');
  return receiveText(topic, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'), facts);
};

/** The same for a text. */
export const receiveText = (topic: Topic, text: string, facts: MessageFacts): Received => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault('not-json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault('envelope-invalid');
  const identity = findIdentity(value);
  const id: unknown = 'id' in value ? value.id : undefined;
  if (id === undefined || id === null || id === '') return fault('id-missing');
  const type: unknown = 'type' in value ? value.type : undefined;
  if (typeof type === 'string' && type !== topic)
    return fault(withoutVersion(type) === withoutVersion(topic) ? 'version-unknown' : 'type-unexpected', identity);
  return topicDefinitions[topic].writer === 'outside' ? receiveFromOutside(topic, value, facts, identity) : receiveFromHouse(topic, value, identity);
};

const receiveFromHouse = (topic: Topic, value: object, identity: EventIdentity | null): Received => {
  const envelope = eventEnvelopeSchema.safeParse(value);
  if (!envelope.success) return fault('envelope-invalid', identity);
  const data = eventDataSchemas[topic].safeParse(envelope.data.data);
  if (!data.success) return fault('event-invalid', identity);
  return { kind: 'event', event: { ...envelope.data, data: data.data } };
};

/** The data are its owner's to judge, in the use case that serves every door. */
const receiveFromOutside = (topic: Topic, value: object, { key, sentAt }: MessageFacts, identity: EventIdentity | null): Received => {
  const parsed = outsideEnvelopeSchema.safeParse(value);
  if (!parsed.success) return fault('envelope-invalid', identity);
  const { specversion, id, source, type, time, subject, dataschema, traceparent, data } = parsed.data;
  return {
    kind: 'event',
    event: {
      specversion,
      id,
      source,
      type,
      time: time === undefined ? sentAt.toISOString() : new Date(time).toISOString(),
      subject: subject ?? key ?? id,
      datacontenttype: 'application/json',
      dataschema: dataschema ?? `urn:lisible:schema:${topic}`,
      traceparent: continueTrace(traceparent),
      data,
    },
  };
};

const fault = (reason: DeadLetterReason, identity: EventIdentity | null = null): Received => ({ kind: 'fault', reason, identity });

/** What goes into records and logs: printable and short, or it is no identifier. */
const identifier = /^[\x21-\x7e]{1,256}$/;

export const isIdentifier = (value: unknown): value is string => typeof value === 'string' && identifier.test(value);

const findIdentity = (value: object): EventIdentity | null => {
  if (!('source' in value) || !('id' in value)) return null;
  const { source, id } = value;
  return isIdentifier(source) && isIdentifier(id) ? { source, id } : null;
};

const withoutVersion = (type: string): string => type.replace(/\.v\d+$/, '');
