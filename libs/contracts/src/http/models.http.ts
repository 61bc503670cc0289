import { z } from 'zod';
import { interactionSchema } from '../evidence/behaviour.ts';
import { calibrationEvidenceSchema } from '../evidence/quality.ts';
import { modelMetricsSchema } from '../model-manifest.ts';
import { policySchema } from '../policy.ts';
import { policyReferenceSchema } from '../decision.ts';
import { populationSnapshotSchema } from '../snapshot.ts';

/** A row of `GET /v1/models`. */
export const modelVersionSchema = z.object({
  modelName: z.string(),
  modelVersion: z.string(),
  alias: z.enum(['champion', 'challenger']).nullable(),
  snapshotId: z.string(),
  registeredAt: z.iso.datetime(),
  promotedAt: z.iso.datetime().nullable(),
  promotedBy: z.string().nullable(),
  rows: z.number().int(),
  metrics: modelMetricsSchema,
});
export type ModelVersion = z.infer<typeof modelVersionSchema>;

/** `GET /v1/models/{modelVersion}/expert-view`: the part of its evidence that one dossier is read with. */
export const expertViewSchema = z.object({
  modelVersion: z.string(),
  reliability: calibrationEvidenceSchema.shape.reliability,
  interactions: z.array(interactionSchema),
});
export type ExpertView = z.infer<typeof expertViewSchema>;

/** `none`: a model without evidence, quick. */
export const trainingStudiesSchema = z.enum(['full', 'none']);

/** Body of `POST /v1/trainings`; the role `mlops` asks. `dataDir` is a folder on the trainer's machine. */
export const trainingRequestSchema = z.object({
  dataDir: z.string().min(1),
  seed: z.number().int().min(0).default(42),
  /** Seconds of a search over hyper-parameters, judged on inner splits; absent = the house's usual settings. */
  searchSeconds: z.number().int().min(1).max(86_400).optional(),
  studies: trainingStudiesSchema.default('full'),
  /** History tables to learn from, whatever their coverage, and no others; absent = those that cover enough. */
  learnFrom: z.union([z.literal('all'), z.array(z.string().min(1))]).optional(),
});
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

export const trainingPhaseSchema = z.enum([
  'reading',
  'checking',
  'features',
  'search',
  'cross-validation',
  'final-fit',
  'studies',
  'evidence',
  'registering',
  'done',
  'failed',
]);

/** Answer of `POST /v1/trainings` (202) and `GET /v1/trainings/{trainingId}`. */
export const trainingViewSchema = z.object({
  trainingId: z.string(),
  startedAt: z.iso.datetime(),
  phase: trainingPhaseSchema,
  /** 0..1 over the whole training. */
  share: z.number().min(0).max(1),
  message: z.string(),
  modelVersion: z.string().nullable(),
  isPromoted: z.boolean(),
  /** Of the history tables, while the training runs and once they are read. */
  tables: populationSnapshotSchema.pick({ coverage: true, repairs: true }).required().optional(),
  problems: z.array(z.object({ table: z.string(), column: z.string().nullable(), row: z.number().int().nullable(), reason: z.string() })),
});
export type TrainingView = z.infer<typeof trainingViewSchema>;

/** `GET /v1/policy`: the version in force. */
export const policyViewSchema = z.object({
  ...policyReferenceSchema.shape,
  adoptedAt: z.iso.datetime(),
  adoptedBy: z.string(),
  policy: policySchema,
});
export type PolicyView = z.infer<typeof policyViewSchema>;
