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
  let positives = 0;
  for (let row = 0; row < rows; row++) {
    checkLabel(at(labels, row), row);
    positives += at(labels, row);
    if (Number.isNaN(at(scores, row))) throw new StatisticsError('score-not-finite', `the score of row ${row} is not a number`);
  }
  // Each class sorted by itself and the two then merged: typed arrays sort numbers without a comparison function, ten times as fast.
  const ofPositives = new Float64Array(positives);
  const ofNegatives = new Float64Array(rows - positives);
  let numPositives = 0;
  let numNegatives = 0;
  for (let row = 0; row < rows; row++) {
    // Adding 0 makes one score of −0 and 0.
    if (at(labels, row) === 1) ofPositives[numPositives++] = at(scores, row) + 0;
    else ofNegatives[numNegatives++] = at(scores, row) + 0;
  }
  ofPositives.sort();
  ofNegatives.sort();

  const groups: ScoreGroup[] = [];
  let nextPositive = 0;
  let nextNegative = 0;
  while (nextPositive < numPositives || nextNegative < numNegatives) {
    const score = Math.min(ofPositives[nextPositive] ?? Infinity, ofNegatives[nextNegative] ?? Infinity);
    const firstPositive = nextPositive;
    const firstNegative = nextNegative;
    while (nextPositive < numPositives && ofPositives[nextPositive] === score) nextPositive++;
    while (nextNegative < numNegatives && ofNegatives[nextNegative] === score) nextNegative++;
    groups.push({ score, positives: nextPositive - firstPositive, negatives: nextNegative - firstNegative });
  }
  return { groups, rows, positives, negatives: rows - positives };
};

/** Position of the group that holds a score of the sample. A binary search: a Map of numbers costs ten times as much. */
export const createGroupFinder = ({ groups }: LabelledScores): ((score: number) => number) => {
  const scores = Float64Array.from(groups, ({ score }) => score);
  return (score) => {
    let low = 0;
    let high = scores.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at(scores, middle) < score) low = middle + 1;
      else high = middle;
    }
    return low;
  };
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
