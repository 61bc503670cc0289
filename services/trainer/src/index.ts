import type { ServiceDefinition } from '@lisible/platform';
import { lenderOf } from './lender.ts';
import { migrations } from './migrations.ts';
import { TrainerModule } from './trainer.module.ts';

export { getLender, lenderNames } from '@lisible/credit';
export { listLackingTables } from './bulk-scoring/history-read-by.ts';
export { ChampionError, openChampion } from './bulk-scoring/open-champion.ts';
export type { ServedChampion } from './bulk-scoring/open-champion.ts';
export { NothingToEvaluateError, evaluateChampion } from './evaluate-champion/evaluate-champion.ts';
export type { ChampionQuality, EvaluationOrder } from './evaluate-champion/evaluate-champion.ts';
export { EvidenceError } from './model-evidence/read-evidence.ts';
export { engineerHistory } from './ingest-raw-tables/engineer-history.ts';
export type { EngineeredHistory } from './ingest-raw-tables/engineer-history.ts';
export { RawDataError } from './ingest-raw-tables/raw-problem.ts';
export type { RawProblem } from './ingest-raw-tables/raw-problem.ts';
export { runTraining } from './run-training/follow-training.ts';
export type { TrainingOrder } from './run-training/follow-training.ts';
export { NothingToScoreError, scoreRawFolder } from './score-raw-folder/score-raw-folder.ts';
export type { BulkOrder } from './score-raw-folder/score-raw-folder.ts';
export { OutputFileError } from './score-raw-folder/write-file-whole.ts';
export { ReportFolderError, writeReport } from './write-report/write-report.ts';
export type { ReportOrder } from './write-report/write-report.ts';

/**
 * Raw data → snapshot → model → evidence → registry → promotion.
 * @param lender whose tables are learnt from
 * @throws RangeError when no lender has this name
 */
export const trainerService = (lender: string): ServiceDefinition => ({
  name: 'trainer',
  module: { module: TrainerModule, providers: [lenderOf(lender)] },
  migrations,
});
