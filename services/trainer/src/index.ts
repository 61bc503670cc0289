import type { ServiceDefinition } from '@lisible/platform';
import { migrations } from './migrations.ts';
import { TrainerModule } from './trainer.module.ts';

export { runTraining } from './run-training/follow-training.ts';
export type { TrainingOrder } from './run-training/follow-training.ts';

/** Raw data → snapshot → model → evidence → registry → promotion. */
export const trainerService: ServiceDefinition = { name: 'trainer', module: TrainerModule, migrations };
