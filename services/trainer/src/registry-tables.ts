import type { ModelMetrics, TrainingView } from '@lisible/contracts';
import type { JSONColumnType } from 'kysely';
import type { PortfolioCountTable } from './portfolio/portfolio-counts.ts';

/** Instants are ISO 8601 texts in UTC, so that both databases give back what was written. */
export interface TrainingTable {
  training_id: string;
  data_dir: string;
  seed: number;
  started_at: string;
  /** Null while it runs; a database holds one such row at most. */
  finished_at: string | null;
  phase: TrainingView['phase'];
  message: string;
  model_version: string | null;
  problems: JSONColumnType<TrainingView['problems']>;
}

export interface ModelVersionTable {
  model_version: string;
  model_name: string;
  snapshot_id: string;
  training_id: string;
  manifest_hash: string;
  rows: number;
  metrics: JSONColumnType<ModelMetrics>;
  registered_at: string;
  promoted_at: string | null;
  promoted_by: string | null;
  previous_version: string | null;
  /** When the promotion's pointers were written and its events emitted; null while that is still to be done. */
  announced_at: string | null;
}

export interface TrainerTables {
  training: TrainingTable;
  model_version: ModelVersionTable;
  portfolio_count: PortfolioCountTable;
}
