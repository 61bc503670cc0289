import { z } from 'zod';
import { errorCodeNames } from '../error-codes.ts';

/** What can be wrong with a message before any handler sees it. */
export const messageFaults = [
  /** No value, or no bytes in it. */
  'empty',
  /** Longer than `maxEventBytes`. */
  'too-large',
  /** Its bytes are not JSON in UTF-8. */
  'not-json',
  /** JSON, but no CloudEvent 1.0 in structured form. */
  'envelope-invalid',
  'id-missing',
  /** The type of another topic. */
  'type-unexpected',
  /** The topic's own type in a version that this consumer does not know. */
  'version-unknown',
] as const;
export type MessageFault = (typeof messageFaults)[number];

/** Longest event that is read, bytes. An application takes some 3,000, an event with all features 10,000. */
export const maxEventBytes = 256 * 1024;

/**
 * The closed list: what is wrong with a message, or the code its handler refused it with; `internal` when a handler failed at it again and
 * again. A later release may add codes: who reads one that it does not know treats it as `internal`.
 */
export const deadLetterReasonSchema = z.enum([...messageFaults, ...errorCodeNames]).meta({ 'x-extensible-enum': true });
export type DeadLetterReason = z.infer<typeof deadLetterReasonSchema>;

/** Data of `deadLetterTopic`: why a message was put aside and where it lies. Identifiers only, never the message itself. */
export const deadLetterSchema = z.object({
  reason: deadLetterReasonSchema,
  /** Who could not handle it. */
  consumer: z.string(),
  origin: z.object({
    topic: z.string(),
    partition: z.number().int().nonnegative(),
    /** Without a broker: the writer's sequence number. */
    offset: z.number().int().nonnegative(),
    /** The event's own, where they could be read. */
    source: z.string().optional(),
    id: z.string().optional(),
  }),
  attempts: z.number().int().positive(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;
