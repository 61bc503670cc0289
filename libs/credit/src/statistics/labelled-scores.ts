import { StatisticsError } from './statistics-error.ts';

/** The rows that share one score, by class. */
export interface ScoreGroup {
  readonly score: number;
  readonly positives: number;
  readonly negatives: number;
}

/** Labels and scores reduced to what every statistic here needs: how many of each class stand at each distinct score. */
export interface LabelledScores {
  /** In ascending order of score. Grouping ties first makes every statistic independent of the order of rows. */
  readonly groups: readonly ScoreGroup[];
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
}

/** Reads past `noUncheckedIndexedAccess` for an index that the caller has bounded. */
export const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;

export const checkLengths = (labels: ArrayLike<number>, scores: ArrayLike<number>): void => {
  if (labels.length !== scores.length) throw new StatisticsError('lengths-differ', `${labels.length} labels for ${scores.length} scores`);
  if (labels.length === 0) throw new StatisticsError('empty', 'no row');
};

export const checkLabel = (label: number, row: number): void => {
  if (label !== 0 && label !== 1) throw new StatisticsError('label-not-binary', `the label of row ${row} is neither 0 nor 1`);
};

export const checkProbabilities = (probabilities: ArrayLike<number>): void => {
  for (let row = 0; row < probabilities.length; row++) {
    const probability = at(probabilities, row);
    if (!(probability >= 0 && probability <= 1))
      throw new StatisticsError('probability-out-of-range', `the probability of row ${row} is not within 0..1`);
  }
};

/** Infinite scores have a rank and are let through; NaN has none. */
export const groupByScore = (labels: ArrayLike<number>, scores: ArrayLike<number>): LabelledScores => {
  checkLengths(labels, scores);
  const rows = labels.length;
  const order = new Uint32Array(rows);
  let positives = 0;
  for (let row = 0; row < rows; row++) {
    order[row] = row;
    checkLabel(at(labels, row), row);
    positives += at(labels, row);
    if (Number.isNaN(at(scores, row))) throw new StatisticsError('score-not-finite', `the score of row ${row} is not a number`);
  }
  order.sort((left, right) => {
    const a = at(scores, left);
    const b = at(scores, right);
    return a < b ? -1 : a > b ? 1 : 0;
  });

  const groups: ScoreGroup[] = [];
  for (let start = 0; start < rows;) {
    const score = at(scores, at(order, start));
    let end = start;
    let groupPositives = 0;
    while (end < rows && at(scores, at(order, end)) === score) {
      groupPositives += at(labels, at(order, end));
      end++;
    }
    groups.push({ score, positives: groupPositives, negatives: end - start - groupPositives });
    start = end;
  }
  return { groups, rows, positives, negatives: rows - positives };
};

export const checkBothClasses = (sample: LabelledScores, minimum = 1): void => {
  if (sample.positives === 0 || sample.negatives === 0) {
    throw new StatisticsError('one-class', `both classes are needed: ${sample.positives} positives, ${sample.negatives} negatives`);
  }
  if (sample.positives < minimum || sample.negatives < minimum) {
    throw new StatisticsError(
      'class-too-small',
      `at least ${minimum} rows of each class are needed: ${sample.positives} positives, ${sample.negatives} negatives`,
    );
  }
};
