import { z } from 'zod';
import { modelReferenceSchema } from './decision.ts';
import {
  ablationsSchema,
  dependenceSchema,
  fairnessAttributeSchema,
  importanceSchema,
  interactionSchema,
  leakChecksSchema,
  learningCurveSchema,
  stabilitySchema,
} from './evidence/behaviour.ts';
import { dataSheetSchema } from './evidence/data-sheet.ts';
import { countSchema, intervalSchema, notMeasuredSchema, shareSchema } from './evidence/measures.ts';
import { candidateSchema, policyEffectSchema, scorecardEvidenceSchema, searchEvidenceSchema, servedChoiceSchema } from './evidence/models.ts';
import { calibrationEvidenceSchema, costSchema, discriminationSchema } from './evidence/quality.ts';

export { evidenceGroupFloor } from './evidence/measures.ts';
export type { EvidenceInterval } from './evidence/measures.ts';

/** What the house asks of a model version, by name; the bounds stand beside the measure. */
export const evidenceCheckCodes = [
  'ranks-better-than-single-feature',
  'plausible-roc-auc',
  'calibration-slope',
  'calibration-error',
  'observed-to-expected-top-decile',
  'observed-to-expected-around-threshold',
  'cost-ahead',
  'threshold-optimal',
  'beats-scorecard',
  'no-identifier-leak',
  'no-proxy-of-outcome',
  'no-shared-clients',
  'approval-ratio',
  'calibrated-within-groups',
] as const;

/** One claim held against its bound: the report says it whichever way it ends. */
export const evidenceCheckSchema = z.object({
  code: z.enum(evidenceCheckCodes),
  /** What the claim is about where there are several: an attribute's group, a leak check. */
  subject: z.string().nullable(),
  measured: intervalSchema.nullable(),
  /** A measure without interval, in the same unit as the bounds. */
  value: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /**
   * `within`: value and interval between the bounds. `within-uncertain`: the value is, its interval is not. `outside-uncertain`: the
   * value is outside, its interval reaches in. `outside`: both are outside. Without an interval: `within` or `outside`.
   */
  status: z.enum(['within', 'within-uncertain', 'outside-uncertain', 'outside', 'not-measured']),
});
export type EvidenceCheck = z.infer<typeof evidenceCheckSchema>;

/**
 * All that is known of a model version's quality: `evidence.json` of its artefact folder. Aggregates only: nothing of a person, no
 * protected group under `evidenceGroupFloor` rows. Estimates are out of fold and cross-fitted, intervals hold 95 %, unless said otherwise.
 */
export const modelEvidenceSchema = z.object({
  evidenceVersion: z.literal(1),
  ...modelReferenceSchema.shape,
  createdAt: z.iso.datetime(),
  sample: z.object({
    rows: countSchema,
    defaulted: countSchema,
    defaultRate: intervalSchema,
    folds: countSchema,
    seed: z.number().int(),
  }),
  /** Trees, features and settings of the served model. */
  served: z.object({
    numTrees: countSchema,
    numFeatures: countSchema,
    hyperParameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  }),
  checks: z.array(evidenceCheckSchema),
  discrimination: discriminationSchema,
  calibration: calibrationEvidenceSchema,
  cost: costSchema,
  policyEffect: policyEffectSchema,
  candidates: z.array(candidateSchema),
  servedChoice: servedChoiceSchema,
  scorecard: scorecardEvidenceSchema.nullable(),
  search: searchEvidenceSchema.nullable(),
  importance: importanceSchema,
  dependence: z.array(dependenceSchema),
  interactions: z.array(interactionSchema),
  stability: stabilitySchema,
  learningCurve: learningCurveSchema,
  ablations: ablationsSchema.nullable(),
  leakChecks: leakChecksSchema,
  fairness: z.array(fairnessAttributeSchema),
  /** Approval ratio from which groups count as treated alike (the four-fifths rule), 0..1. */
  fairnessBound: shareSchema,
  dataSheet: dataSheetSchema,
  /** Wall-clock seconds of each part of the training, in the order in which it ran. */
  timings: z.array(z.object({ part: z.string(), seconds: z.number().min(0) })),
  notMeasured: z.array(notMeasuredSchema),
});
export type ModelEvidence = z.infer<typeof modelEvidenceSchema>;
