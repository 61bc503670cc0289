import { z } from 'zod';
import { dataQualityNoteSchema, decisionSchema, featureValuesSchema, policyReferenceSchema } from '../decision.ts';
import { explanationSchema } from '../explanation.ts';
import { policySchema } from '../policy.ts';

/** `credit.application.prepared.v1`: features for the model, no contact data, no protected attribute. */
export const applicationPreparedSchema = z.object({
  applicationId: z.string(),
  clientId: z.string(),
  branchId: z.string().nullable(),
  submittedAt: z.iso.datetime(),
  currency: z.string(),
  catalogueVersion: z.string(),
  features: featureValuesSchema,
  /** What declared rules may read: claims and ratios, e.g. `isOfAge`, never the birth date itself. */
  policyInputs: z.record(z.string(), z.union([z.number(), z.boolean(), z.null()])),
  isHistoryMissing: z.boolean(),
  dataQuality: z.array(dataQualityNoteSchema),
});
export type ApplicationPrepared = z.infer<typeof applicationPreparedSchema>;

/** `credit.application.decided.v1`: the decision, the features it was made from and the currency of its amounts, which the explainer needs. */
export const applicationDecidedSchema = z.object({
  ...decisionSchema.shape,
  catalogueVersion: z.string(),
  currency: z.string(),
  features: featureValuesSchema,
});
export type ApplicationDecided = z.infer<typeof applicationDecidedSchema>;

/** `credit.decision.explained.v1`: without raw attributions, which stay in the explainer's record. */
export const decisionExplainedSchema = explanationSchema.omit({ attributions: true });
export type DecisionExplained = z.infer<typeof decisionExplainedSchema>;

/** `credit.policy.changed.v1` */
export const policyChangedSchema = z.object({ ...policyReferenceSchema.shape, policy: policySchema, changedBy: z.string(), reason: z.string() });
export type PolicyChanged = z.infer<typeof policyChangedSchema>;
