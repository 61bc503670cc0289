import { z } from 'zod';

/** Data of `deadLetterTopic`: why a message was put aside and where it lies. Identifiers only, never the message itself. */
export const deadLetterSchema = z.object({
  /** An error code; `internal` when a handler failed at it again and again. */
  reason: z.string(),
  /** Who could not handle it. */
  consumer: z.string(),
  origin: z.object({ topic: z.string(), source: z.string(), id: z.string(), seq: z.number().int() }),
  attempts: z.number().int().positive(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;
