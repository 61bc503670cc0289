import type { HyperParameters } from '@lisible/tree-ensemble';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import type { CrossValidation } from '../train-model/cross-validate.ts';
import { calibrateAcrossFolds, fitFolds, gatherMargins } from '../train-model/fit-folds.ts';
import { derivedSeed, drawFoldPlan } from '../train-model/fold-plan.ts';
import type { WorkMeter } from '../train-model/work-meter.ts';
import type { SeedStudy } from './model-studies.ts';

/** What another roll of the dice would have given: folds, inner splits and models all redrawn; the served one's own comes first. */
export const repeatWithSeeds = async (
  pool: FitPool,
  labels: Uint8Array,
  served: CrossValidation,
  settings: { readonly hyperParameters: HyperParameters; readonly monotoneConstraints: Int8Array | null; readonly numExtraSeeds: number },
  meter: WorkMeter,
): Promise<readonly SeedStudy[]> => {
  const { hyperParameters, monotoneConstraints, numExtraSeeds } = settings;
  const seeds = Array.from({ length: numExtraSeeds }, (_, repetition) => derivedSeed(served.seed, 1000 + repetition));
  const repeated = await Promise.all(
    seeds.map(async (seed): Promise<SeedStudy> => {
      const plan = drawFoldPlan(labels, { ...served, seed });
      const fits = await fitFolds(pool, plan, { settingsOf: () => hyperParameters, monotoneConstraints }, meter);
      const { margins, probabilities } = calibrateAcrossFolds(gatherMargins(labels.length, fits), labels, plan);
      return { seed, folds: plan.folds, margins, probabilities };
    }),
  );
  return [{ seed: served.seed, folds: served.folds, margins: served.margins, probabilities: served.probabilities }, ...repeated];
};
