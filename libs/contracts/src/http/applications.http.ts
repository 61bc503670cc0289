import { z } from 'zod';
import { decisionSchema } from '../decision.ts';
import { explanationSchema } from '../explanation.ts';

/** How far an application has come. */
export const applicationStatusSchema = z.enum(['received', 'decided', 'explained']);
export type ApplicationStatus = z.infer<typeof applicationStatusSchema>;

/**
 * Answer of `POST /v1/applications` (202; 200 when `Prefer: wait=N` saw the explanation arrive)
 * and of `GET /v1/applications/{applicationId}`.
 */
export const applicationViewSchema = z.object({
  applicationId: z.string(),
  clientId: z.string(),
  receivedAt: z.iso.datetime(),
  status: applicationStatusSchema,
  decision: decisionSchema.nullable(),
  explanation: explanationSchema.nullable(),
});
export type ApplicationView = z.infer<typeof applicationViewSchema>;
