import { z } from 'zod';
import { greyZoneSchema, probabilitySchema } from './decision.ts';
import { localizedTextSchema } from './language.ts';

/**
 * A declared rule: met when the named input compares as said; a missing input never meets a rule. A statement may name an input in
 * braces: what is known of it in words (which values are unusual) takes the place, else its value.
 */
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

const openProbabilitySchema = z.number().gt(0).lt(1);

/**
 * What a mistake about one loan costs, by the amount lent: the example-dependent cost matrix of Bahnsen, Aouada and Ottersten
 * (ICMLA 2014) for loans of one term, in the currency of the amount:
 * C_FN = amount · lossGivenDefault;
 * C_FP = max(0, amount · marginRate + averageAmount · (averageDefaultRate · lossGivenDefault − (1 − averageDefaultRate) · marginRate)):
 * the profit lost, and what it costs to lend the money to an average borrower instead.
 * The threshold of an application is C_FP / (C_FP + C_FN), held within `thresholdBounds`.
 */
export const amountAwareCostSchema = z.object({
  /** The application field, also an input of rules, that says the amount lent. */
  amountField: z.string().min(1),
  /** Share of the amount that is lost when a loan defaults, 0 (excluded) to 1. */
  lossGivenDefault: z.number().gt(0).max(1),
  /** Profit of a loan that is repaid, over its whole life, as a share of its amount: present value of the instalments less the amount. */
  marginRate: z.number().gt(0).max(1),
  /** Mean amount of the applications that the policy was placed by. */
  averageAmount: z.number().positive(),
  /** Default rate of the same applications. */
  averageDefaultRate: openProbabilitySchema,
  /** No application's threshold leaves these, however small or great its amount. */
  thresholdBounds: z.object({ lower: openProbabilitySchema, upper: openProbabilitySchema }),
});
export type AmountAwareCost = z.infer<typeof amountAwareCostSchema>;

const misclassificationCostSchema = z.object({ falseNegative: z.number().positive(), falsePositive: z.number().positive() });

/**
 * How a probability becomes a decision. Versions are owned by scoring; a manifest only recommends one.
 * Invariant: decisionThreshold = falsePositive / (falsePositive + falseNegative). It is the threshold of every application whose amount
 * does not count: of all of them without `amountAwareCost`, else of those without an amount. With it each other application has a
 * threshold of its own, which its decision records, and the grey zone moves along on the log-odds scale:
 * logit(end) − logit(threshold) is the same for all.
 */
export const policySchema = z.object({
  policyName: z.string(),
  misclassificationCost: misclassificationCostSchema,
  decisionThreshold: probabilitySchema,
  /** Null or absent: one threshold for all. */
  amountAwareCost: amountAwareCostSchema.nullable().optional(),
  /** Share of applications that people can review, 0..1. */
  reviewCapacity: z.number().min(0).max(1),
  /** Around `decisionThreshold`. */
  greyZone: greyZoneSchema,
  rules: z.array(policyRuleSchema),
});
export type Policy = z.infer<typeof policySchema>;

/** What a person declares of a policy; threshold, grey zone and averages are measured, never typed. */
export const policyDraftSchema = z.strictObject({
  misclassificationCost: misclassificationCostSchema,
  reviewCapacity: z.number().min(0).max(1),
  amountAwareCost: amountAwareCostSchema.omit({ averageAmount: true, averageDefaultRate: true }).strict().nullable().optional(),
  rules: z.array(policyRuleSchema),
});
export type PolicyDraft = z.infer<typeof policyDraftSchema>;
