import { z } from 'zod';
import { localizedTextSchema } from '../language.ts';
import { countSchema, intervalSchema, shareSchema } from './measures.ts';

/** A model on the same folds as the served one, calibrated in the same way. */
export const candidateSchema = z.object({
  name: z.string(),
  isServed: z.boolean(),
  numFeatures: countSchema,
  /** Constants that the fitted model holds. */
  numParameters: countSchema,
  /** Processor seconds of all folds' fits. */
  seconds: z.number().min(0),
  rocAuc: intervalSchema.nullable(),
  averagePrecision: shareSchema,
  brierScore: shareSchema,
  logLoss: z.number().min(0),
  expectedCalibrationError: shareSchema,
  costPerApplication: z.number().min(0),
  /** This model less the served one, paired by row; null for the served one. */
  rocAucChange: intervalSchema.nullable(),
  logLossChange: intervalSchema.nullable(),
  costChange: intervalSchema.nullable(),
});

/** Why the served boosted model is the one it is. */
export const servedChoiceSchema = z.object({
  served: z.string(),
  increasing: z.array(z.string()),
  decreasing: z.array(z.string()),
  /** ROC AUC of the monotone model less the unconstrained one's. */
  rocAucChange: intervalSchema.nullable(),
  /** The monotone model is served unless it is worse by more than this. */
  allowance: z.number().min(0),
});

/** The logistic scorecard, as the trade reads it: fitted on all rows; a reading aid and a rival, never served. */
export const scorecardEvidenceSchema = z.object({
  rows: countSchema,
  /** Points that double the odds of repayment, and the odds (repaid for one defaulted) at the base score. */
  pointsToDoubleOdds: z.number().positive(),
  baseScore: z.number(),
  baseOdds: z.number().positive(),
  features: z.array(
    z.object({
      feature: z.string(),
      /** Σ (share of repaid − share of defaulted)·WoE, ≥ 0. */
      informationValue: z.number().min(0),
      /** Of WoE on the log-odds of default: negative. */
      coefficient: z.number(),
      standardError: z.number().min(0),
      bins: z.array(
        z.object({
          label: localizedTextSchema,
          rows: countSchema,
          shareOfRows: shareSchema,
          defaultRate: shareSchema.nullable(),
          /** Weight of evidence, log-odds: above 0 safer than the whole. */
          woe: z.number(),
          /** More is safer. */
          points: z.number(),
        }),
      ),
    }),
  ),
  rejected: z.array(z.object({ feature: z.string(), informationValue: z.number().min(0), reason: z.string() })),
});

export const searchEvidenceSchema = z.object({
  budgetSeconds: z.number().min(0),
  seconds: z.number().min(0),
  space: z.array(z.object({ name: z.string(), description: z.string() })),
  trials: z.array(
    z.object({ settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])), innerLogLoss: z.number(), isChosen: z.boolean() }),
  ),
  /** Out of fold, settings searched without the judged fold, and with the usual settings. */
  nestedRocAuc: intervalSchema,
  usualRocAuc: intervalSchema,
});

/** Rows of one outcome: their share of all, and how many of them defaulted (Wilson; null without a row). */
const outcomeGroupSchema = z.object({ rows: countSchema, share: shareSchema, defaultRate: intervalSchema.nullable() });

/** What the policy makes of the out-of-fold rows. */
export const policyEffectSchema = z.object({
  rows: countSchema,
  decisionThreshold: shareSchema,
  /** Probabilities between which a person decides; null without review capacity. */
  greyZone: z.object({ lower: shareSchema, upper: shareSchema, declaredCapacity: shareSchema, ...outcomeGroupSchema.shape }).nullable(),
  /** The model's own proposals, before rules and grey zone. */
  proposals: z.object({ approved: outcomeGroupSchema, declined: outcomeGroupSchema }),
  /** After declared rules, threshold and grey zone; null where the rows' rule inputs were not read. */
  decisions: z.object({ approved: outcomeGroupSchema, referred: outcomeGroupSchema, declined: outcomeGroupSchema }).nullable(),
  /** `rows` meet the rule; for `decisive` of them the decision would be another without it. Null where rule inputs were not read. */
  rules: z.array(
    z.object({
      code: z.string(),
      effect: z.enum(['decline', 'refer']),
      statement: localizedTextSchema,
      rows: countSchema.nullable(),
      decisive: countSchema.nullable(),
    }),
  ),
});
