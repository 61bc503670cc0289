import { fitAffineCalibration, stratifiedFolds } from '@lisible/credit';
import type { AffineCalibration } from '@lisible/credit';
import { foldCalibration, predictMargins, selectRows, sigmoid, train } from '@lisible/tree-ensemble';
import type { FeatureMatrix, HyperParameters, TreeEnsemble } from '@lisible/tree-ensemble';

export interface LabelledMatrix {
  readonly matrix: FeatureMatrix;
  readonly labels: Uint8Array;
  readonly featureNames: readonly string[];
}

export interface CrossValidationSettings {
  readonly hyperParameters: HyperParameters;
  readonly numFolds: number;
  readonly numInnerSplits: number;
  readonly seed: number;
}

/** Out-of-fold evidence: every row judged by a model, and calibrated by margins, that never saw it. */
export interface CrossValidation {
  /** Fold that judges the row, 0..numFolds−1. */
  readonly folds: Uint8Array;
  /** Inner split, 0..numInnerSplits−1: the model of fold k stops early on the rows of split k outside fold k. */
  readonly splits: Uint8Array;
  /** One calibrated model a fold. */
  readonly foldModels: readonly TreeEnsemble[];
  readonly bestRounds: readonly number[];
  /** Before calibration; the final calibration is fitted on them. */
  readonly rawMargins: Float64Array;
  /** Calibrated margins, as `foldModels` give them to the bit. */
  readonly margins: Float64Array;
  readonly probabilities: Float64Array;
}

const rowsWhere = (numRows: number, isWanted: (row: number) => boolean): Uint32Array =>
  Uint32Array.from({ length: numRows }, (_, row) => row).filter(isWanted);

const pick = (labels: Uint8Array, rows: Uint32Array): Uint8Array => Uint8Array.from(rows, (row) => labels[row] ?? 0);

/** Seeds of different uses must differ, and stay integers of 32 bits. */
const derivedSeed = (seed: number, use: number): number => (seed + use * 7919) % 0x7fffffff;

/**
 * Stratified cross-validation with early stopping on inner splits and cross-fitted calibration: the calibration of fold k is
 * fitted on the out-of-fold margins of the other folds, so that no judged row shapes its own estimate.
 */
export const crossValidate = (
  { matrix, labels, featureNames }: LabelledMatrix,
  { hyperParameters, numFolds, numInnerSplits, seed }: CrossValidationSettings,
  onProgress: (share: number, message: string) => void,
): CrossValidation => {
  const numRows = labels.length;
  const folds = stratifiedFolds(labels, numFolds, seed);
  const splits = stratifiedFolds(labels, numInnerSplits, derivedSeed(seed, 1));
  const rawMargins = new Float64Array(numRows);
  const rawModels: TreeEnsemble[] = [];
  const bestRounds: number[] = [];
  for (let fold = 0; fold < numFolds; fold++) {
    const innerSplit = fold % numInnerSplits;
    const fitted = rowsWhere(numRows, (row) => folds[row] !== fold && splits[row] !== innerSplit);
    const stopping = rowsWhere(numRows, (row) => folds[row] !== fold && splits[row] === innerSplit);
    const judged = rowsWhere(numRows, (row) => folds[row] === fold);
    // Early stopping makes the number of rounds unknown: the folds before are the best guess.
    const expectedRounds = Math.max(50, ...bestRounds.map((rounds) => rounds + hyperParameters.earlyStoppingRounds), fold === 0 ? 300 : 0);
    const { ensemble, bestRound } = train({
      matrix: selectRows(matrix, fitted),
      labels: pick(labels, fitted),
      featureNames,
      hyperParameters,
      seed: derivedSeed(seed, 10 + fold),
      validation: { matrix: selectRows(matrix, stopping), labels: pick(labels, stopping) },
      onRound: ({ round }) =>
        onProgress((fold + Math.min(0.98, round / expectedRounds)) / numFolds, `fold ${fold + 1} of ${numFolds}, round ${round}`),
    });
    const margins = predictMargins(ensemble, selectRows(matrix, judged));
    judged.forEach((row, position) => (rawMargins[row] = margins[position] ?? Number.NaN));
    rawModels.push(ensemble);
    bestRounds.push(bestRound);
  }
  const foldModels = rawModels.map((model, fold) =>
    foldCalibration(
      model,
      calibrationOf(rawMargins, labels, (row) => folds[row] !== fold),
    ),
  );
  const margins = new Float64Array(numRows);
  for (const [fold, model] of foldModels.entries()) {
    const judged = rowsWhere(numRows, (row) => folds[row] === fold);
    const calibrated = predictMargins(model, selectRows(matrix, judged));
    judged.forEach((row, position) => (margins[row] = calibrated[position] ?? Number.NaN));
  }
  return { folds, splits, foldModels, bestRounds, rawMargins, margins, probabilities: margins.map(sigmoid) };
};

const calibrationOf = (margins: Float64Array, labels: Uint8Array, isWanted: (row: number) => boolean): AffineCalibration => {
  const rows = rowsWhere(labels.length, isWanted);
  return fitAffineCalibration(
    Float64Array.from(rows, (row) => margins[row] ?? Number.NaN),
    pick(labels, rows),
  );
};

export interface FinalFit {
  /** Calibrated: its margin is logit(probabilityOfDefault). */
  readonly model: TreeEnsemble;
  readonly numRounds: number;
  readonly calibration: AffineCalibration;
}

/** The served model: all rows, as many rounds as the folds needed (median) times `roundsFactor`, calibrated by all out-of-fold margins. */
export const fitFinalModel = (
  { matrix, labels, featureNames }: LabelledMatrix,
  evidence: CrossValidation,
  { hyperParameters, seed }: CrossValidationSettings,
  roundsFactor: number,
  onProgress: (share: number, message: string) => void,
): FinalFit => {
  const sorted = evidence.bestRounds.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 1;
  const numRounds = Math.max(1, Math.round(median * roundsFactor));
  const { ensemble } = train({
    matrix,
    labels,
    featureNames,
    hyperParameters: { ...hyperParameters, numRounds, earlyStoppingRounds: 0 },
    seed: derivedSeed(seed, 2),
    onRound: ({ round }) => onProgress(round / numRounds, `round ${round} of ${numRounds}`),
  });
  const calibration = fitAffineCalibration(evidence.rawMargins, labels);
  return { model: foldCalibration(ensemble, calibration), numRounds, calibration };
};
