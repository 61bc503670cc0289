import { z } from 'zod';
import { greyZoneSchema, probabilitySchema } from './decision.ts';
import { localizedTextSchema } from './language.ts';

/** A declared rule: met when the named input compares as said; a missing input never meets a rule. */
export const policyRuleSchema = z.object({
  code: z.string(),
  condition: z.object({
    input: z.string(),
    operator: z.enum(['equals', 'greater-than', 'less-than']),
    value: z.union([z.number(), z.boolean()]),
  }),
  effect: z.enum(['decline', 'refer']),
  statement: localizedTextSchema,
});
export type PolicyRule = z.infer<typeof policyRuleSchema>;

/**
 * How a probability becomes a decision. Versions are owned by scoring; a manifest only recommends one.
 * Invariant: decisionThreshold = falsePositive / (falsePositive + falseNegative).
 */
export const policySchema = z.object({
  policyName: z.string(),
  misclassificationCost: z.object({ falseNegative: z.number().positive(), falsePositive: z.number().positive() }),
  decisionThreshold: probabilitySchema,
  /** Share of applications that people can review, 0..1. */
  reviewCapacity: z.number().min(0).max(1),
  greyZone: greyZoneSchema,
  rules: z.array(policyRuleSchema),
});
export type Policy = z.infer<typeof policySchema>;
