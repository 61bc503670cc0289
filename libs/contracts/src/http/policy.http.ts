import { z } from 'zod';
import { policyDraftSchema } from '../policy.ts';
import { policyViewSchema } from './models.http.ts';

const longestReason = 500;

/** Body of `POST /v1/policy`; the role `risk` asks. The version whose place it takes guards against two people changing at once. */
export const policyChangeSchema = z.strictObject({
  expectedVersion: z.number().int().positive(),
  /** Why, in the words of whoever changes it; kept with the version. */
  reason: z.string().trim().min(1).max(longestReason),
  policy: policyDraftSchema,
});
export type PolicyChange = z.infer<typeof policyChangeSchema>;

/** A version of the policy, in force or past. */
export const policyVersionSchema = z.object({ ...policyViewSchema.shape, reason: z.string() });
export type PolicyVersion = z.infer<typeof policyVersionSchema>;

/** `GET /v1/policy/versions`: latest first; the first is in force. */
export const policyVersionsSchema = z.object({ versions: z.array(policyVersionSchema) });
export type PolicyVersionList = z.infer<typeof policyVersionsSchema>;
