import { z } from 'zod';

/** CloudEvents 1.0 in structured JSON, with the W3C trace context beside it. */
export const eventEnvelopeSchema = z.object({
  specversion: z.literal('1.0'),
  /** Derived from cause and type, so that a replay produces the same id. */
  id: z.string().min(1),
  /** `/lisible/<service>` */
  source: z.string().min(1),
  type: z.string().min(1),
  time: z.iso.datetime(),
  /** The key: applicationId, modelName, … */
  subject: z.string().min(1),
  datacontenttype: z.literal('application/json'),
  dataschema: z.string().min(1),
  traceparent: z.string().optional(),
  data: z.unknown(),
});
export type EventEnvelope<TData = unknown> = Omit<z.infer<typeof eventEnvelopeSchema>, 'data'> & { readonly data: TData };
