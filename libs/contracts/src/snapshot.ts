import { z } from 'zod';
import { tableCoverageSchema } from './evidence/data-sheet.ts';

/** Names of the files of a population snapshot's artefact folder. */
export const snapshotFiles = {
  snapshot: 'snapshot.json',
  /** One row a labelled application: envelope and catalogue fields under business names, plus `defaulted`. */
  applications: 'applications.parquet',
  /** applicationId, then model features in catalogue order. */
  features: 'features.parquet',
  /** One application a line as JSON: unlabelled rows, submitted through the public door at first start. */
  unlabelled: 'unlabelled.ndjson',
  /** clientId, then history fields in catalogue order: one row a client that has a past, sorted by clientId. Absent where no history table was there. */
  history: 'history.parquet',
  /** The same values for finding one client's at once: float32, little-endian, row by row in that file's order, missing as NaN. */
  historyRows: 'history.f32',
  /** The last months of those pasts, for charts: clientId, kind, then the columns of `ClientMonth`; sorted by clientId, kind, month. */
  historyMonths: 'history-months.parquet',
} as const;

/** Rows of a history table that were not taken as they came: what was wrong, what was done, how often. */
export const tableRepairSchema = z.object({
  table: z.string(),
  column: z.string().nullable(),
  reason: z.string(),
  treatment: z.enum(['leave-out', 'blank']),
  rows: z.number().int().positive(),
});
export type TableRepair = z.infer<typeof tableRepairSchema>;
export type TableCoverage = z.infer<typeof tableCoverageSchema>;

export const populationSnapshotSchema = z.object({
  snapshotId: z.string(),
  catalogueName: z.string(),
  catalogueVersion: z.string(),
  asOf: z.iso.datetime(),
  source: z.enum(['raw-folder', 'synthetic']),
  labelledRows: z.number().int(),
  unlabelledRows: z.number().int(),
  defaultRate: z.number(),
  /** Of the history tables that were there; absent from records older than them. */
  coverage: z.array(tableCoverageSchema).optional(),
  repairs: z.array(tableRepairSchema).optional(),
  /** Rows of `history-months.parquet`; absent where there is no such file. */
  historyMonths: z.number().int().nonnegative().optional(),
});
export type PopulationSnapshot = z.infer<typeof populationSnapshotSchema>;

/** Keys in the artefact store. `champion` is a small JSON pointer that trainer rewrites after each promotion. */
export const artefactKeys = {
  champion: 'registry/champion.json',
  currentSnapshot: 'snapshots/current.json',
  model: (modelVersion: string, file: string): string => `models/${modelVersion}/${file}`,
  snapshot: (snapshotId: string, file: string): string => `snapshots/${snapshotId}/${file}`,
} as const;

/** Content of `artefactKeys.champion`. */
export const championPointerSchema = z.object({
  modelName: z.string(),
  modelVersion: z.string(),
  promotedAt: z.iso.datetime(),
  promotedBy: z.string(),
});
export type ChampionPointer = z.infer<typeof championPointerSchema>;

/** Content of `artefactKeys.currentSnapshot`. */
export const snapshotPointerSchema = z.object({ snapshotId: z.string(), publishedAt: z.iso.datetime() });
export type SnapshotPointer = z.infer<typeof snapshotPointerSchema>;
