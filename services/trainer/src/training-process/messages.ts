import { trainingPhaseSchema, trainingRequestSchema, trainingStudiesSchema, trainingViewSchema } from '@lisible/contracts';
import { z } from 'zod';

/** What the training process is asked: its one argument, as JSON. */
export const trainingTaskSchema = z.object({
  dataDir: z.string(),
  /** An empty folder; the process writes `snapshot/` and `model/` into it and nothing anywhere else. */
  workDir: z.string(),
  seed: z.number().int(),
  /** Whose tables they are: a name that `getLender` knows. */
  lender: z.string(),
  /** History tables to learn from, over what coverage says; absent: nothing was asked. */
  learnFrom: trainingRequestSchema.shape.learnFrom,
  /** Seconds of a search over hyper-parameters; null = none. */
  searchSeconds: z.number().positive().nullable(),
  studies: trainingStudiesSchema,
});
export type TrainingTask = z.infer<typeof trainingTaskSchema>;

const progressMessage = z.object({ kind: z.literal('progress'), phase: trainingPhaseSchema, share: z.number().min(0).max(1), message: z.string() });
const ingestedMessage = z.object({ kind: z.literal('ingested'), tables: trainingViewSchema.shape.tables.unwrap() });
const trainedMessage = z.object({ kind: z.literal('trained'), snapshotId: z.string(), modelVersion: z.string() });
const refusedMessage = z.object({ kind: z.literal('refused'), problems: trainingViewSchema.shape.problems });
const failedMessage = z.object({ kind: z.literal('failed'), message: z.string() });

/** One line of the process's standard output; the last one says how it ended. */
export const trainingMessageSchema = z.discriminatedUnion('kind', [progressMessage, ingestedMessage, trainedMessage, refusedMessage, failedMessage]);
export type TrainingMessage = z.infer<typeof trainingMessageSchema>;
export type TrainingProgress = z.infer<typeof progressMessage>;
/** What was found of the history tables, once. */
export type IngestedTables = z.infer<typeof ingestedMessage>['tables'];
export type TrainingOutcome = Exclude<TrainingMessage, TrainingProgress | z.infer<typeof ingestedMessage>>;
