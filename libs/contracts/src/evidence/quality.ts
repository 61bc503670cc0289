import { z } from 'zod';
import { countSchema, intervalSchema, shareSchema } from './measures.ts';

/** One tenth of the rows by estimated risk, riskiest first (decile 1). */
const decileSchema = z.object({
  decile: z.number().int().min(1),
  rows: countSchema,
  /** May be a fraction where a tie spans two deciles. */
  defaulted: z.number().min(0),
  /** Least, greatest and mean estimated probability of default, 0..1. */
  minProbability: shareSchema,
  maxProbability: shareSchema,
  meanProbability: shareSchema,
  /** Observed share of defaults, 0..1 (Wilson). */
  defaultRate: intervalSchema,
  /** Observed rate over that of all rows, ≥ 0; 1 where the decile is like the whole. */
  lift: z.number().min(0),
  /** Share of all defaults in this decile and the riskier ones, 0..1. */
  cumulativeCapture: shareSchema,
  /** Observed defaults over expected ones, ≥ 0; 1 when calibrated; null where none was observed. */
  observedToExpected: intervalSchema.nullable(),
});

/** How well the model ranks, out of fold. A higher probability is the riskier one. */
export const discriminationSchema = z.object({
  /** Area under the ROC curve, 0..1; 0.5 ranks nothing (DeLong). */
  rocAuc: intervalSchema,
  /** 2·AUC − 1, −1..1. */
  gini: intervalSchema,
  /** Greatest distance between the two classes' distributions of estimates, 0..1. */
  ks: shareSchema,
  /** Estimated probability at which that distance is reached, 0..1. */
  ksProbability: shareSchema,
  /** Mean precision over recall, 0..1; the default rate ranks nothing (Boyd, Eng and Page 2013). */
  averagePrecision: intervalSchema,
  /** ROC, from (0, 0) to (1, 1). */
  rocCurve: z.array(z.object({ falsePositiveRate: shareSchema, truePositiveRate: shareSchema })),
  precisionRecallCurve: z.array(z.object({ recall: shareSchema, precision: shareSchema })),
  /** Share of each class whose estimate is at most `probability`. */
  distribution: z.array(z.object({ probability: shareSchema, defaultedShare: shareSchema, repaidShare: shareSchema })),
  deciles: z.array(decileSchema),
});

/** A way of turning scores into probabilities, cross-fitted over the same folds. */
const calibrationMethodSchema = z.object({
  method: z.enum(['affine', 'isotonic', 'beta']),
  isServed: z.boolean(),
  /** Mean squared error, 0..1; mean negative log-likelihood in nats, ≥ 0; both: smaller is better. */
  brierScore: shareSchema,
  logLoss: z.number().min(0),
  /** Over ten bins of equal count, 0..1. */
  expectedCalibrationError: shareSchema,
  /** Log loss less that of the served method, paired by row; negative where this one is better. */
  logLossChange: intervalSchema.nullable(),
});

/** How far the estimates are probabilities, out of fold, cross-fitted. */
export const calibrationEvidenceSchema = z.object({
  /** Of the label's log-odds on the margin: 1 when calibrated, below 1 when estimates are too extreme. */
  slope: intervalSchema,
  /** Of the same regression, log-odds: 0 when calibrated. */
  intercept: intervalSchema,
  /** Ten bins of equal count, 0..1. */
  expectedCalibrationError: shareSchema,
  /** Intercept with the slope held at 1, log-odds: above 0 the estimates are too low on the whole. */
  inTheLarge: intervalSchema,
  /** Defaults observed over expected on all rows, ≥ 0; this and the next two: null where none was observed. */
  observedToExpected: intervalSchema.nullable(),
  /** The same in the riskiest tenth. */
  topDecile: intervalSchema.nullable(),
  /** The same among estimates around the decision threshold. */
  aroundThreshold: z.object({ lower: shareSchema, upper: shareSchema, rows: countSchema, observedToExpected: intervalSchema.nullable() }),
  /** Spiegelhalter's test (1986): standard normal when calibrated; two-sided p-value. */
  spiegelhalter: z.object({ z: z.number(), pValue: shareSchema }).nullable(),
  /** Reliability diagram: bins of equal count, lowest estimates first. */
  reliability: z.array(z.object({ rows: countSchema, meanProbability: shareSchema, defaultRate: intervalSchema })),
  /** score = reliability − resolution + uncertainty + within (Murphy 1973; Stephenson et al. 2008), each 0..1 but `within`. */
  brier: z.object({
    score: shareSchema,
    reliability: shareSchema,
    resolution: shareSchema,
    uncertainty: shareSchema,
    /** Variance less covariance within bins; near 0, either sign. */
    within: z.number(),
    /** 1 − score over the score of the constant rate; ≤ 1, 0 for no skill. */
    skill: z.number().max(1),
    bins: countSchema,
  }),
  methods: z.array(calibrationMethodSchema),
});

/** What mistakes cost under the model's own proposals (before rules and grey zone), in units of the declared costs. */
export const costSchema = z.object({
  falseNegative: z.number().positive(),
  falsePositive: z.number().positive(),
  /** falsePositive / (falsePositive + falseNegative), 0..1. */
  analyticThreshold: shareSchema,
  /** Per application at that threshold. */
  atAnalyticThreshold: intervalSchema,
  /** Everybody approved; everybody declined: per application. */
  approveAll: z.number().min(0),
  declineAll: z.number().min(0),
  /** The threshold that would have cost least on these very rows (hindsight), with its bootstrap interval, and its cost. */
  empiricalThreshold: intervalSchema,
  empiricalCost: z.number().min(0),
  bootstrapReplicates: countSchema,
  /** Cost at the threshold fixed beforehand over that of the hindsight optimum, ≥ 1: of all rows, and of each fold by itself. */
  ahead: z.object({
    /** All rows together. */
    ratio: intervalSchema,
    byFold: z.array(z.object({ fold: countSchema, fixed: z.number().min(0), hindsight: z.number().min(0) })),
  }),
  /** Cost per application by threshold. */
  curve: z.array(z.object({ threshold: shareSchema, costPerApplication: z.number().min(0), approvalRate: shareSchema })),
});
