import { fitAffineCalibration } from '@lisible/credit';
import type { AffineCalibration } from '@lisible/credit';
import { foldCalibration, predictMargins, selectRows, sigmoid } from '@lisible/tree-ensemble';
import type { HyperParameters, TreeEnsemble } from '@lisible/tree-ensemble';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import { calibrateAcrossFolds, fitFolds, gatherMargins } from './fit-folds.ts';
import type { FoldFit, FoldFitSettings } from './fit-folds.ts';
import { derivedSeed } from './fold-plan.ts';
import type { FoldPlan, LabelledMatrix } from './fold-plan.ts';
import type { WorkMeter } from './work-meter.ts';

/** Out-of-fold evidence: every row judged by a model, and calibrated by margins, that never saw it. */
export interface CrossValidation extends FoldPlan {
  readonly fits: readonly FoldFit[];
  /** One calibrated model a fold. */
  readonly foldModels: readonly TreeEnsemble[];
  readonly bestRounds: readonly number[];
  /** Before calibration; the final calibration is fitted on them. */
  readonly rawMargins: Float64Array;
  /** Calibrated margins, as `foldModels` give them to the bit. */
  readonly margins: Float64Array;
  readonly probabilities: Float64Array;
  /** Processor seconds of the fits. */
  readonly seconds: number;
}

/** Stratified cross-validation of boosted trees, with early stopping on inner splits and cross-fitted calibration. */
export const crossValidate = async (
  pool: FitPool,
  { matrix, labels }: LabelledMatrix,
  plan: FoldPlan,
  settings: Pick<FoldFitSettings, 'settingsOf' | 'monotoneConstraints' | 'wantsFittedMargins'>,
  meter: WorkMeter,
): Promise<CrossValidation> => {
  const fits = await fitFolds(pool, plan, settings, meter);
  const rawMargins = gatherMargins(labels.length, fits);
  const { calibrations } = calibrateAcrossFolds(rawMargins, labels, plan);
  const calibrated = fits.map(({ ensemble, fold, judgedRows }) => {
    const model = foldCalibration(ensemble, calibrations[fold] ?? { slope: 1, intercept: 0 });
    return { model, judgedRows, margins: predictMargins(model, selectRows(matrix, judgedRows)) };
  });
  const margins = gatherMargins(labels.length, calibrated);
  return {
    ...plan,
    fits,
    foldModels: calibrated.map(({ model }) => model),
    bestRounds: fits.map(({ bestRound }) => bestRound),
    rawMargins,
    margins,
    probabilities: margins.map(sigmoid),
    seconds: fits.reduce((sum, fit) => sum + fit.seconds, 0),
  };
};

export interface FinalFit {
  /** Calibrated: its margin is logit(probabilityOfDefault). */
  readonly model: TreeEnsemble;
  readonly numRounds: number;
  readonly calibration: AffineCalibration;
}

/** What a final model needs more rounds than: the middle of what early stopping chose. */
export const finalRounds = (bestRounds: readonly number[], roundsFactor: number): number => {
  const sorted = bestRounds.toSorted((a, b) => a - b);
  return Math.max(1, Math.round((sorted[Math.floor(sorted.length / 2)] ?? 1) * roundsFactor));
};

/** The served model: all rows, a fixed number of rounds, calibrated by all out-of-fold margins. */
export const fitFinalModel = async (
  pool: FitPool,
  labels: Uint8Array,
  { rawMargins, seed }: Pick<CrossValidation, 'rawMargins' | 'seed'>,
  settings: { readonly hyperParameters: HyperParameters; readonly monotoneConstraints: Int8Array | null; readonly numRounds: number },
  onProgress: (share: number, message: string) => void,
): Promise<FinalFit> => {
  const { hyperParameters, monotoneConstraints, numRounds } = settings;
  const { ensemble } = await pool.fitTrees(
    {
      rows: Uint32Array.from(labels, (_, row) => row),
      stoppingRows: null,
      judgedRows: new Uint32Array(0),
      columns: null,
      labels: null,
      hyperParameters: { ...hyperParameters, numRounds, earlyStoppingRounds: 0 },
      monotoneConstraints,
      seed: derivedSeed(seed, 2),
    },
    (round) => onProgress(round / numRounds, `round ${round} of ${numRounds}`),
  );
  const calibration = fitAffineCalibration(rawMargins, labels);
  return { model: foldCalibration(ensemble, calibration), numRounds, calibration };
};
