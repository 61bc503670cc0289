import { z } from 'zod';
import { applicationSchema } from '../application.ts';

/**
 * A CloudEvent as a loan system sends it: what CloudEvents 1.0 demands, no more. `source` and `id` together are the event's identity;
 * who sends the same pair twice says the same thing twice.
 */
export const outsideEnvelopeSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(256),
  /** The loan system's own URI. */
  source: z.string().min(1).max(256),
  type: z.string().min(1),
  time: z.iso.datetime({ offset: true }).optional(),
  subject: z.string().min(1).optional(),
  datacontenttype: z.literal('application/json').optional(),
  dataschema: z.string().min(1).optional(),
  traceparent: z.string().optional(),
  data: z.unknown(),
});
export type OutsideEnvelope = z.infer<typeof outsideEnvelopeSchema>;

/** `credit.application.submitted.v1`: the body of `POST /v1/applications`; its fields are the catalogue's word, and its owner's to judge. */
export const applicationSubmittedSchema = applicationSchema;
export type ApplicationSubmitted = z.infer<typeof applicationSubmittedSchema>;
