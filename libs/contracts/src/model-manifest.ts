import { z } from 'zod';
import { modelReferenceSchema } from './decision.ts';
import { policySchema } from './policy.ts';

const interval = z.object({ value: z.number(), lower: z.number(), upper: z.number() });

/** Out-of-fold quality of a model version. */
export const modelMetricsSchema = z.object({
  rocAuc: interval,
  averagePrecision: z.number(),
  ks: z.number(),
  gini: z.number(),
  brierScore: z.number(),
  logLoss: z.number(),
  expectedCalibrationError: z.number(),
  calibrationSlope: z.number(),
  calibrationIntercept: z.number(),
  costPerApplication: z.number(),
  /** ROC AUC of the best single feature, and its name: what a model must beat. */
  baselineRocAuc: z.number(),
  baselineFeature: z.string().optional(),
  foldRocAuc: z.array(z.number()),
});
export type ModelMetrics = z.infer<typeof modelMetricsSchema>;

/** The record of a model, beside its one ONNX file. */
export const modelManifestSchema = z.object({
  manifestVersion: z.literal(1),
  ...modelReferenceSchema.shape,
  createdAt: z.iso.datetime(),
  catalogueName: z.string(),
  catalogueVersion: z.string(),
  snapshotId: z.string(),
  /** In the order of the ONNX input's columns. */
  featureNames: z.array(z.string()).min(1),
  hyperParameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  numTrees: z.number().int().positive(),
  seed: z.number().int(),
  training: z.object({ rows: z.number().int(), defaultRate: z.number(), folds: z.number().int(), seconds: z.number() }),
  /** Affine on the margin, already folded into leaves and base value. */
  calibration: z.object({ slope: z.number().positive(), intercept: z.number() }),
  metrics: modelMetricsSchema,
  recommendedPolicy: policySchema,
  /** Clients approved near the threshold, feature rows in `featureNames` order; reasons are measured against them. */
  background: z.object({ rows: z.array(z.array(z.number().nullable())), applicationIds: z.array(z.string()) }),
  /** Typical (median or most frequent) value of the background's clients, by feature. */
  typicalValues: z.record(z.string(), z.number().nullable()),
  /** Least and greatest value seen in training, by feature. */
  trainingRanges: z.record(z.string(), z.object({ min: z.number(), max: z.number(), missingShare: z.number() })),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.number().int() })),
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;

/** Names of the files of a model version's artefact folder. */
export const modelFiles = {
  onnx: 'model.onnx',
  /** Native trees with covers, for exact attributions. */
  trees: 'trees.json',
  manifest: 'manifest.json',
  /** Out-of-fold models, for the attributions of past loans. */
  foldTrees: (fold: number): string => `fold-${fold}.trees.json`,
  /**
   * applicationId, fold, split, margin, probabilityOfDefault of every row of the snapshot: labelled ones out of fold, the others (fold and
   * split null) by the served model.
   */
  estimates: 'estimates.parquet',
  /**
   * applicationId, then a column a reason code: the sum of its features' SHAP values (log-odds), of every labelled row out of fold. What similar
   * clients are found by; absent from versions trained before it was kept.
   */
  attributions: 'attributions.parquet',
  /** All that is known of its quality (`modelEvidenceSchema`); absent from versions trained before it was kept. */
  evidence: 'evidence.json',
} as const;
