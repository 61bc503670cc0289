import { fitAffineCalibration } from '@lisible/credit';
import type { AffineCalibration } from '@lisible/credit';
import { sigmoid } from '@lisible/tree-ensemble';
import type { HyperParameters } from '@lisible/tree-ensemble';
import type { TreesFit } from '../fit-pool/fit-order.ts';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import type { OutOfFold } from '../model-studies/model-studies.ts';
import { allFolds, derivedSeed, pick, pickNumbers, rowsWhere } from './fold-plan.ts';
import type { FoldPlan } from './fold-plan.ts';
import type { WorkMeter } from './work-meter.ts';

export interface FoldFitSettings {
  readonly settingsOf: (fold: number) => HyperParameters;
  readonly monotoneConstraints: Int8Array | null;
  readonly columns?: Uint32Array;
  /** Folds that are judged; all of them unless said otherwise. */
  readonly folds?: readonly number[];
  /** Rows that may be learnt from or stop the boosting; all of them unless said otherwise. */
  readonly mayUse?: (row: number) => boolean;
  /** Margins of the fitted rows too. */
  readonly wantsFittedMargins?: boolean;
}

export interface FoldFit extends Omit<TreesFit, 'kind'> {
  readonly fold: number;
  readonly judgedRows: Uint32Array;
  readonly fittedRows: Uint32Array;
  /** Empty unless wanted. */
  readonly fittedMargins: Float64Array;
}

/** One model a fold: fitted on the other folds, stopped early on the fold's inner split, judged on the fold itself; not calibrated. */
export const fitFolds = (
  pool: FitPool,
  plan: FoldPlan,
  { settingsOf, monotoneConstraints, columns, folds = allFolds(plan), mayUse = () => true, wantsFittedMargins = false }: FoldFitSettings,
  meter: WorkMeter,
): Promise<readonly FoldFit[]> =>
  Promise.all(
    folds.map(async (fold): Promise<FoldFit> => {
      const { fittedRows, stoppingRows, judgedRows } = rowsOfFold(plan, fold, mayUse);
      const hyperParameters = settingsOf(fold);
      const piece = meter.begin();
      const { ensemble, margins, bestRound, stoppingLogLoss, seconds } = await pool.fitTrees(
        {
          rows: fittedRows,
          stoppingRows,
          judgedRows: wantsFittedMargins ? Uint32Array.from([...judgedRows, ...fittedRows]) : judgedRows,
          columns: columns ?? null,
          labels: null,
          hyperParameters,
          monotoneConstraints,
          seed: derivedSeed(plan.seed, 10 + fold),
        },
        piece.onRound,
      );
      piece.done(bestRound + hyperParameters.earlyStoppingRounds);
      return {
        fold,
        judgedRows,
        fittedRows,
        ensemble,
        margins: margins.subarray(0, judgedRows.length),
        fittedMargins: margins.subarray(judgedRows.length),
        bestRound,
        stoppingLogLoss,
        seconds,
      };
    }),
  );

const rowsOfFold = (
  { folds, splits, numInnerSplits }: FoldPlan,
  fold: number,
  mayUse: (row: number) => boolean,
): { readonly fittedRows: Uint32Array; readonly stoppingRows: Uint32Array; readonly judgedRows: Uint32Array } => {
  const split = fold % numInnerSplits;
  return {
    fittedRows: rowsWhere(folds.length, (row) => folds[row] !== fold && splits[row] !== split && mayUse(row)),
    stoppingRows: rowsWhere(folds.length, (row) => folds[row] !== fold && splits[row] === split && mayUse(row)),
    judgedRows: rowsWhere(folds.length, (row) => folds[row] === fold),
  };
};

/** The margins of every judged row, where the row stands; NaN where no fold judged it. */
export const gatherMargins = (numRows: number, fits: readonly Pick<FoldFit, 'judgedRows' | 'margins'>[]): Float64Array => {
  const gathered = new Float64Array(numRows).fill(Number.NaN);
  for (const { judgedRows, margins } of fits) judgedRows.forEach((row, position) => (gathered[row] = margins[position] ?? Number.NaN));
  return gathered;
};

/**
 * Cross-fitted calibration: that of fold k is fitted on the out-of-fold margins of the other folds, so that no judged row shapes its
 * own estimate. @throws StatisticsError slope-not-positive where the margins rank no better than chance
 */
export const calibrateAcrossFolds = (
  rawMargins: Float64Array,
  labels: Uint8Array,
  { folds, numFolds }: Pick<FoldPlan, 'folds' | 'numFolds'>,
): OutOfFold & { readonly calibrations: readonly AffineCalibration[] } => {
  const calibrations = allFolds({ numFolds }).map((fold) => {
    const others = rowsWhere(labels.length, (row) => folds[row] !== fold);
    return fitAffineCalibration(pickNumbers(rawMargins, others), pick(labels, others));
  });
  const margins = rawMargins.map((margin, row) => {
    const { slope, intercept } = calibrations[folds[row] ?? 0] ?? { slope: Number.NaN, intercept: Number.NaN };
    return slope * margin + intercept;
  });
  return { calibrations, margins, probabilities: margins.map(sigmoid) };
};
