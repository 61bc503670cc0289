import type { ServiceDefinition } from '@lisible/platform';
import { lenderOf } from './lender.ts';
import { migrations } from './migrations.ts';
import { TrainerModule } from './trainer.module.ts';

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
