import { createRandom, logLoss, rocAuc, rocAucInterval } from '@lisible/credit';
import type { HyperParameters } from '@lisible/tree-ensemble';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import type { CrossValidation } from '../train-model/cross-validate.ts';
import { calibrateAcrossFolds, fitFolds, gatherMargins } from '../train-model/fit-folds.ts';
import type { FoldFit } from '../train-model/fit-folds.ts';
import { derivedSeed, pick } from '../train-model/fold-plan.ts';
import type { FoldPlan } from '../train-model/fold-plan.ts';
import type { WorkMeter } from '../train-model/work-meter.ts';
import type { LearningCurvePoint, OutOfFold } from './model-studies.ts';
import { isForData } from './why-not.ts';

/**
 * The same folds judged by models that saw a share of the other rows, smaller shares within larger ones; shares too small to learn
 * anything from are left out. The whole is the served cross-validation itself, whose fits must hold the margins of their fitted rows.
 */
export const learningCurve = async (
  pool: FitPool,
  labels: Uint8Array,
  served: CrossValidation,
  settings: { readonly hyperParameters: HyperParameters; readonly monotoneConstraints: Int8Array | null; readonly shares: readonly number[] },
  meter: WorkMeter,
): Promise<readonly LearningCurvePoint[]> => {
  const { hyperParameters, monotoneConstraints, shares } = settings;
  const random = createRandom(derivedSeed(served.seed, 3));
  const rank = Float64Array.from(labels, () => random.uniform());
  const points = await Promise.all(
    shares.map(async (share): Promise<LearningCurvePoint | null> => {
      const mayUse = (row: number): boolean => (rank[row] ?? 1) < share;
      try {
        const fits = await fitFolds(
          pool,
          served,
          { settingsOf: () => hyperParameters, monotoneConstraints, mayUse, wantsFittedMargins: true },
          meter,
        );
        return pointOf(labels, share, fits, calibrateAcrossFolds(gatherMargins(labels.length, fits), labels, served), served);
      } catch (error) {
        if (isForData(error)) return null;
        throw error;
      }
    }),
  );
  return [...points.filter((point) => point !== null), pointOf(labels, 1, served.fits, served, served)];
};

const pointOf = (
  labels: Uint8Array,
  shareOfRows: number,
  fits: readonly FoldFit[],
  { margins, probabilities }: OutOfFold,
  { numFolds }: FoldPlan,
): LearningCurvePoint => ({
  rows: Math.round(fits.reduce((sum, { fittedRows }) => sum + fittedRows.length, 0) / numFolds),
  shareOfRows,
  rocAuc: rocAucInterval(labels, margins),
  trainRocAuc: fits.reduce((sum, { fittedRows, fittedMargins }) => sum + rocAuc(pick(labels, fittedRows), fittedMargins), 0) / numFolds,
  logLoss: logLoss(labels, probabilities),
});
