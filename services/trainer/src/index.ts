import type { ServiceDefinition } from '@lisible/platform';
import { migrations } from './migrations.ts';
import { TrainerModule } from './trainer.module.ts';

export { ChampionError, openChampion } from './bulk-scoring/open-champion.ts';
export type { ServedChampion } from './bulk-scoring/open-champion.ts';
export { NothingToEvaluateError, evaluateChampion } from './evaluate-champion/evaluate-champion.ts';
export type { ChampionQuality, EvaluationOrder } from './evaluate-champion/evaluate-champion.ts';
export { RawDataError } from './ingest-raw-tables/raw-problem.ts';
export type { RawProblem } from './ingest-raw-tables/raw-problem.ts';
export { runTraining } from './run-training/follow-training.ts';
export type { TrainingOrder } from './run-training/follow-training.ts';
export { NothingToScoreError, scoreRawFolder } from './score-raw-folder/score-raw-folder.ts';
export type { BulkOrder } from './score-raw-folder/score-raw-folder.ts';
export { OutputFileError } from './score-raw-folder/write-file-whole.ts';

/** Raw data → snapshot → model → evidence → registry → promotion. */
export const trainerService: ServiceDefinition = { name: 'trainer', module: TrainerModule, migrations };
