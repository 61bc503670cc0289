import type { FeatureMatrix } from '@lisible/tree-ensemble';
import { at } from '../statistics/labelled-scores.ts';
import { binFeature, createBinFinder } from './bin-feature.ts';
import { fitLogisticRegression, type LogisticFit } from './logistic-regression.ts';
import { ScorecardError } from './scorecard-error.ts';
import {
  defaultScorecardOptions,
  type Bin,
  type Scorecard,
  type ScorecardColumn,
  type ScorecardFeature,
  type ScorecardOptions,
  type ScorecardRejection,
} from './scorecard.ts';
import { normalTwoSidedPValue } from '../statistics/distributions.ts';

const checkOptions = (options: ScorecardOptions): void => {
  const demand = (isKept: boolean, what: string): void => {
    if (!isKept) throw new ScorecardError('option-out-of-range', what);
  };
  demand(Number.isInteger(options.maxBins) && options.maxBins >= 2, 'maxBins must be an integer, at least 2');
  demand(Number.isInteger(options.maxPrebins) && options.maxPrebins >= options.maxBins, 'maxPrebins must be an integer, at least maxBins');
  demand(options.maxPrebins <= 200, 'maxPrebins must be at most 200');
  demand(options.minShareOfRows >= 0 && options.minShareOfRows <= 0.5, 'minShareOfRows must be within 0..0.5');
  demand(Number.isInteger(options.minRowsOfClass) && options.minRowsOfClass >= 1, 'minRowsOfClass must be a positive integer');
  demand(options.minInformationValue >= 0, 'minInformationValue must be at least 0');
  demand(options.maxCorrelation >= 0 && options.maxCorrelation <= 1, 'maxCorrelation must be within 0..1');
  demand(options.maxPValue >= 0 && options.maxPValue <= 1, 'maxPValue must be within 0..1');
  demand(Number.isInteger(options.maxFeatures) && options.maxFeatures >= 1, 'maxFeatures must be a positive integer');
  demand(options.pointsToDoubleOdds > 0 && Number.isFinite(options.pointsToDoubleOdds), 'pointsToDoubleOdds must be positive and finite');
  demand(Number.isFinite(options.baseScore), 'baseScore must be finite');
  demand(options.baseOdds > 0 && Number.isFinite(options.baseOdds), 'baseOdds must be positive and finite');
};

const encode = (bins: readonly Bin[], values: ArrayLike<number>): Float64Array => {
  const find = createBinFinder(bins);
  const woe = Float64Array.from(bins, (bin) => bin.woe);
  const encoded = new Float64Array(values.length);
  for (let row = 0; row < encoded.length; row++) encoded[row] = woe[find(at(values, row))] ?? 0;
  return encoded;
};

const correlation = (left: Float64Array, right: Float64Array): number => {
  const rows = left.length;
  let leftMean = 0;
  let rightMean = 0;
  for (let row = 0; row < rows; row++) {
    leftMean += at(left, row) / rows;
    rightMean += at(right, row) / rows;
  }
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (let row = 0; row < rows; row++) {
    const a = at(left, row) - leftMean;
    const b = at(right, row) - rightMean;
    product += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  }
  return product / Math.sqrt(leftSquares * rightSquares);
};

interface Candidate {
  readonly column: ScorecardColumn;
  readonly position: number;
  readonly bins: readonly Bin[];
  readonly informationValue: number;
}

interface Chosen extends Candidate {
  readonly woe: Float64Array;
}

/** Steps below this no longer change a coefficient's sign or significance. */
const selectionTolerance = 1e-5;

/** Why the candidate, last of the fit's columns, may not stay; null when it may. */
const objectionTo = (fit: LogisticFit, options: ScorecardOptions): ScorecardRejection | null => {
  if (fit.coefficients.some((coefficient) => !(coefficient < 0))) return 'sign-not-expected';
  const z = (fit.coefficients.at(-1) ?? 0) / (fit.standardErrors.at(-1) ?? Number.NaN);
  return normalTwoSidedPValue(z) <= options.maxPValue ? null : 'not-significant';
};

const tryFit = (columns: readonly Float64Array[], labels: ArrayLike<number>, start: readonly number[], lambdaL2: number): LogisticFit | null => {
  try {
    return fitLogisticRegression(columns, labels, { lambdaL2, start, tolerance: selectionTolerance });
  } catch (error) {
    // A column that the others already say in full.
    if (error instanceof ScorecardError && error.code === 'singular') return null;
    throw error;
  }
};

/**
 * Fits a scorecard: every column binned (`binFeature`), then, strongest information value first, columns enter a logistic
 * regression on their weights of evidence as long as every coefficient keeps the sign that makes a higher WoE safer, the new one is
 * significant by Wald's test, and its WoE is no copy of one already in; then the last fit, to 1e-10, gives coefficients, standard
 * errors and points: score = baseScore − PDO/ln 2 · (margin + ln baseOdds), shared out evenly (Siddiqi, 2006).
 *
 * `columns`: a value a row each, in the order of the matrix that `scorecardMargins` will be given (the same numbers: a float32 matrix
 * wants float32 columns). `labels`: 1 defaulted, 0 repaid. `options`: those that differ from `defaultScorecardOptions`.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, one-class
 * @throws ScorecardError option-out-of-range, column-duplicate, no-feature-selected, separable, singular, not-converged
 */
export const fitScorecard = (columns: readonly ScorecardColumn[], labels: ArrayLike<number>, options: Partial<ScorecardOptions> = {}): Scorecard => {
  const all: ScorecardOptions = { ...defaultScorecardOptions, ...options };
  checkOptions(all);
  const columnNames = columns.map(({ featureName }) => featureName);
  const duplicate = columnNames.find((name, index) => columnNames.indexOf(name) !== index);
  if (duplicate !== undefined) throw new ScorecardError('column-duplicate', `two columns are named ${duplicate}`);

  const rejected: { featureName: string; informationValue: number; reason: ScorecardRejection }[] = [];
  const reject = ({ column, informationValue }: Candidate, reason: ScorecardRejection): void => {
    rejected.push({ featureName: column.featureName, informationValue, reason });
  };
  const candidates = columns
    .map((column, position): Candidate => ({ column, position, ...binFeature(column, labels, all) }))
    .sort((a, b) => b.informationValue - a.informationValue || a.position - b.position);
  const chosen: Chosen[] = [];
  let start = fitLogisticRegression([], labels, all);
  for (const candidate of candidates) {
    if (new Set(candidate.bins.filter(({ rows }) => rows > 0).map(({ woe }) => woe)).size < 2) {
      reject(candidate, 'one-bin');
      continue;
    }
    if (candidate.informationValue < all.minInformationValue) {
      reject(candidate, 'information-value-too-low');
      continue;
    }
    if (chosen.length === all.maxFeatures) {
      reject(candidate, 'no-place-left');
      continue;
    }
    const woe = encode(candidate.bins, candidate.column.values);
    if (chosen.some((other) => Math.abs(correlation(woe, other.woe)) > all.maxCorrelation)) {
      reject(candidate, 'correlated');
      continue;
    }
    const fit = tryFit([...chosen.map((other) => other.woe), woe], labels, [start.intercept, ...start.coefficients, 0], all.lambdaL2);
    const objection = fit === null ? 'correlated' : objectionTo(fit, all);
    if (fit === null || objection !== null) {
      reject(candidate, objection ?? 'correlated');
      continue;
    }
    chosen.push({ ...candidate, woe });
    start = fit;
  }
  if (chosen.length === 0) throw new ScorecardError('no-feature-selected', `none of ${columns.length} columns earns a place`);

  const fit = fitLogisticRegression(
    chosen.map(({ woe }) => woe),
    labels,
    { lambdaL2: all.lambdaL2, start: [start.intercept, ...start.coefficients] },
  );
  const pointsPerLogOdds = all.pointsToDoubleOdds / Math.LN2;
  const sharedPoints = (all.baseScore - pointsPerLogOdds * (Math.log(all.baseOdds) + fit.intercept)) / chosen.length;
  const features = chosen.map(({ column, position, bins, informationValue }, index): ScorecardFeature => {
    const coefficient = fit.coefficients[index] ?? Number.NaN;
    return {
      featureName: column.featureName,
      position,
      kind: column.kind,
      bins: bins.map((bin) => ({ ...bin, points: sharedPoints - pointsPerLogOdds * coefficient * bin.woe })),
      informationValue,
      coefficient,
      standardError: fit.standardErrors[index + 1] ?? Number.NaN,
    };
  });
  return {
    columnNames,
    rows: labels.length,
    defaults: candidates[0]?.bins.reduce((sum, bin) => sum + bin.defaults, 0) ?? 0,
    intercept: fit.intercept,
    interceptStandardError: fit.standardErrors[0] ?? Number.NaN,
    features,
    rejected,
    pointsToDoubleOdds: all.pointsToDoubleOdds,
    baseScore: all.baseScore,
    baseOdds: all.baseOdds,
  };
};

/**
 * Log-odds of default of every row of a matrix whose columns are the scorecard's `columnNames`, in that order.
 * @throws ScorecardError matrix-does-not-fit
 */
export const scorecardMargins = (scorecard: Scorecard, matrix: FeatureMatrix): Float64Array => {
  const { numRows, numFeatures, values } = matrix;
  if (numFeatures !== scorecard.columnNames.length || values.length !== numRows * numFeatures) {
    throw new ScorecardError(
      'matrix-does-not-fit',
      `${values.length} values as ${numRows} rows × ${numFeatures} columns, where the scorecard has ${scorecard.columnNames.length} columns`,
    );
  }
  const margins = new Float64Array(numRows).fill(scorecard.intercept);
  for (const { bins, coefficient, position } of scorecard.features) {
    const find = createBinFinder(bins);
    const parts = Float64Array.from(bins, ({ woe }) => coefficient * woe);
    for (let row = 0; row < numRows; row++) {
      margins[row] = at(margins, row) + (parts[find(at(values, row * numFeatures + position))] ?? 0);
    }
  }
  return margins;
};

/** Total points at a margin (log-odds of default): what the points of a row's bins add up to. */
export const pointsOfMargin = ({ baseOdds, baseScore, pointsToDoubleOdds }: Scorecard, margin: number): number =>
  baseScore - (pointsToDoubleOdds / Math.LN2) * (margin + Math.log(baseOdds));
