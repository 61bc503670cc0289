import {
  deadLetterDefinition,
  deadLetterSchema,
  deadLetterTopic,
  eventDataSchemas,
  eventEnvelopeSchema,
  outsideEnvelopeSchema,
  topicDefinitions,
} from '@lisible/contracts';
import type { Topic } from '@lisible/contracts';
import { z } from 'zod';
import { toJsonSchema } from './json-schema.ts';
import type { JsonObject } from './json-schema.ts';

/** A topic as a loan system sees it, and what its messages are. */
export interface DocumentedTopic {
  /** Also the CloudEvents type. */
  readonly name: string;
  /** Null: any of our services. */
  readonly writer: string | null;
  readonly key: string;
  readonly partitions: 'many' | 'one';
  readonly retentionDays: number;
  /** Of the whole message: the envelope with its data. */
  readonly schema: z.ZodType;
}

const isTopic = (name: string): name is Topic => name in topicDefinitions;

/** Every topic there is, in the order of an application's life. */
export const documentedTopics: readonly DocumentedTopic[] = [
  ...Object.entries(topicDefinitions).flatMap(([name, definition]): DocumentedTopic[] => {
    if (!isTopic(name)) return [];
    const envelope = definition.writer === 'outside' ? outsideEnvelopeSchema : eventEnvelopeSchema;
    return [{ name, ...definition, schema: envelope.extend({ type: z.literal(name), data: eventDataSchemas[name] }) }];
  }),
  {
    name: deadLetterTopic,
    writer: null,
    ...deadLetterDefinition,
    schema: eventEnvelopeSchema.extend({ type: z.literal(deadLetterTopic), data: deadLetterSchema }),
  },
];

/** JSON Schema 2020-12 of a topic's messages; `$id` is what their `dataschema` says of the data. */
export const eventSchema = ({ name, schema }: DocumentedTopic): JsonObject => {
  const { $schema = '', ...rest } = toJsonSchema(schema);
  return { $schema, $id: `urn:lisible:event:${name}`, title: name, ...rest };
};
