import { fitScorecard, scorecardMargins } from '@lisible/credit';
import { predictMargins, selectRows, train } from '@lisible/tree-ensemble';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import type { FitOrder, FitResult, GivenUpFit, ScorecardFit, ScorecardOrder, SharedData, TreesFit, TreesOrder } from './fit-order.ts';

/** Thrown through the boosting's round callback, and caught here: the only way out of a fit under way. */
class TimeIsUp extends Error {}

/** A copy of some rows and columns, in the order given. */
const selectCells = (matrix: FeatureMatrix, rows: Uint32Array, columns: Uint32Array | null): FeatureMatrix => {
  if (columns === null) return selectRows(matrix, rows);
  const values = new Float32Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) {
    const first = row * matrix.numFeatures;
    for (const column of columns) values[at++] = matrix.values[first + column] ?? Number.NaN;
  }
  return { numRows: rows.length, numFeatures: columns.length, values };
};

const pick = (labels: Uint8Array, rows: Uint32Array): Uint8Array => Uint8Array.from(rows, (row) => labels[row] ?? 0);

const fitTrees = (
  { matrix, labels: sharedLabels, featureNames }: SharedData,
  { rows, stoppingRows, judgedRows, columns, labels, hyperParameters, monotoneConstraints, seed, giveUpAtMs }: TreesOrder,
  onRound: (round: number) => void,
  now: () => number,
): Omit<TreesFit, 'seconds'> | GivenUpFit => {
  const outcomes = labels ?? sharedLabels;
  const chosen = columns ?? Uint32Array.from(featureNames, (_, column) => column);
  try {
    const { ensemble, bestRound, evaluations } = train({
      matrix: selectCells(matrix, rows, columns),
      labels: pick(outcomes, rows),
      featureNames: Array.from(chosen, (column) => featureNames[column] ?? ''),
      hyperParameters,
      ...(monotoneConstraints === null ? {} : { monotoneConstraints: Int8Array.from(chosen, (column) => monotoneConstraints[column] ?? 0) }),
      seed,
      ...(stoppingRows === null ? {} : { validation: { matrix: selectCells(matrix, stoppingRows, columns), labels: pick(outcomes, stoppingRows) } }),
      onRound: ({ round }) => {
        if (giveUpAtMs !== null && now() > giveUpAtMs) throw new TimeIsUp();
        onRound(round);
      },
    });
    const margins = predictMargins(ensemble, selectCells(matrix, judgedRows, columns));
    return { kind: 'trees', ensemble, margins, bestRound, stoppingLogLoss: evaluations[bestRound - 1] ?? Number.NaN };
  } catch (error) {
    if (error instanceof TimeIsUp) return { kind: 'given-up' };
    throw error;
  }
};

const fitPoints = ({ matrix, labels }: SharedData, { rows, judgedRows, columns, options }: ScorecardOrder): Omit<ScorecardFit, 'seconds'> => {
  const fitted = columns.map((column, position) => ({
    ...column,
    values: Float32Array.from(rows, (row) => matrix.values[row * matrix.numFeatures + position] ?? Number.NaN),
  }));
  const scorecard = fitScorecard(fitted, pick(labels, rows), options);
  return { kind: 'scorecard', scorecard, margins: scorecardMargins(scorecard, selectRows(matrix, judgedRows)) };
};

/**
 * One fit, from the shared data and its order alone: the same wherever and whenever it runs, but for its seconds and for being
 * given up. @throws TreeEnsembleError, StatisticsError, ScorecardError
 */
export const performFit = (data: SharedData, order: FitOrder, onRound: (round: number) => void, now: () => number = Date.now): FitResult => {
  const before = process.threadCpuUsage();
  const fit = order.kind === 'trees' ? fitTrees(data, order, onRound, now) : fitPoints(data, order);
  if (fit.kind === 'given-up') return fit;
  const { user, system } = process.threadCpuUsage(before);
  return { ...fit, seconds: (user + system) / 1e6 };
};
