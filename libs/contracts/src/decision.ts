import { z } from 'zod';
import { localizedTextSchema } from './language.ts';

/** The model's own word, before rules and grey zone. */
export const proposalSchema = z.enum(['approved', 'declined']);
export type Proposal = z.infer<typeof proposalSchema>;

export const decisionOutcomeSchema = z.enum(['approved', 'declined', 'referred']);
export type DecisionOutcome = z.infer<typeof decisionOutcomeSchema>;

export const probabilitySchema = z.number().min(0).max(1);

/** Probabilities between which a person decides; null when the declared review capacity is 0. */
export const greyZoneSchema = z.object({ lower: probabilitySchema, upper: probabilitySchema }).nullable();
export type GreyZone = z.infer<typeof greyZoneSchema>;

/** A declared rule of the policy that this application met. */
export const ruleHitSchema = z.object({
  code: z.string(),
  effect: z.enum(['decline', 'refer']),
  statement: localizedTextSchema,
});
export type RuleHit = z.infer<typeof ruleHitSchema>;

/** A remark on the data a decision was made from: history absent, field missing, value outside the training range. */
export const dataQualityNoteSchema = z.object({
  kind: z.enum(['history-missing', 'missing', 'out-of-range', 'unseen-category', 'repaired']),
  /** Catalogue field, null when the note concerns the whole application. */
  field: z.string().nullable(),
  statement: localizedTextSchema,
});
export type DataQualityNote = z.infer<typeof dataQualityNoteSchema>;

export const modelReferenceSchema = z.object({ modelName: z.string(), modelVersion: z.string() });
export const policyReferenceSchema = z.object({ policyName: z.string(), policyVersion: z.number().int().positive() });

/** Model features by name; missing is `null` in JSON, `NaN` in vectors. Values are float32 numbers. */
export const featureValuesSchema = z.record(z.string(), z.number().nullable());
export type FeatureValues = z.infer<typeof featureValuesSchema>;

/** What a decision is, wherever it is shown or sent. */
export const decisionSchema = z.object({
  applicationId: z.string(),
  clientId: z.string(),
  decidedAt: z.iso.datetime(),
  ...modelReferenceSchema.shape,
  ...policyReferenceSchema.shape,
  probabilityOfDefault: probabilitySchema,
  /** logit of probabilityOfDefault, as the model computed it. */
  margin: z.number(),
  decisionThreshold: probabilitySchema,
  greyZone: greyZoneSchema,
  proposal: proposalSchema,
  decision: decisionOutcomeSchema,
  ruleHits: z.array(ruleHitSchema),
  isHistoryMissing: z.boolean(),
  /** SHA-256 over feature names and values, hexadecimal. */
  featuresHash: z.string(),
});
export type Decision = z.infer<typeof decisionSchema>;
