import { z } from 'zod';
import { modelReferenceSchema, policyReferenceSchema, probabilitySchema, ruleHitSchema } from './decision.ts';
import { fieldValueSchema } from './application.ts';
import { localizedTextSchema } from './language.ts';

/** One reason: features that share a reason code are summed (Shapley values add up). */
export const reasonCodeSchema = z.object({
  /** Stable, e.g. `EXTERNAL_SCORES`. */
  code: z.string(),
  /** The feature of the group that weighs most; its value and typical value are shown. */
  feature: z.string(),
  /** 1 is the most harmful. */
  rank: z.number().int().min(1).max(4),
  direction: z.enum(['increases-risk', 'decreases-risk']),
  label: localizedTextSchema,
  /** A whole sentence with the client's and the typical value in it. */
  statement: localizedTextSchema,
  /** Sum of the group's SHAP values, log-odds against the reference clients. */
  shapValue: z.number(),
  /** The same in percentage points of probability; all reasons plus `others` add up to pd − reference. */
  points: z.number(),
  value: z.object({ raw: fieldValueSchema, text: localizedTextSchema }),
  typicalValue: z.object({ raw: fieldValueSchema, text: localizedTextSchema }),
});
export type ReasonCode = z.infer<typeof reasonCodeSchema>;

/** Additive feature attributions: baseValue + Σ shapValues = margin of the probability shown. */
export const attributionsSchema = z.object({
  baseValue: z.number(),
  shapValues: z.array(z.number()),
  featureNames: z.array(z.string()),
  featureValues: z.array(z.number().nullable()),
  outputSpace: z.enum(['log-odds', 'probability']),
});
export type Attributions = z.infer<typeof attributionsSchema>;

export const explanationSchema = z.object({
  applicationId: z.string(),
  explainedAt: z.iso.datetime(),
  ...modelReferenceSchema.shape,
  ...policyReferenceSchema.shape,
  probabilityOfDefault: probabilitySchema,
  /** Clients approved near the threshold, against whom reasons are measured. */
  reference: z.object({ probabilityOfDefault: probabilitySchema, baseValue: z.number(), clients: z.number().int() }),
  /** The whole population, for experts. */
  populationBaseValue: z.number(),
  ruleHits: z.array(ruleHitSchema),
  reasonCodes: z.array(reasonCodeSchema).max(4),
  others: z.object({ shapValue: z.number(), points: z.number(), features: z.number().int() }),
  attributions: attributionsSchema,
});
export type Explanation = z.infer<typeof explanationSchema>;
