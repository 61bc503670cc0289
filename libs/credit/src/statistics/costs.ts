import { costRatio } from './cost-bootstrap.ts';
import { wilsonInterval, type Interval } from './intervals.ts';
import { at, checkProbabilities, groupByScore, type LabelledScores } from './labelled-scores.ts';
import { bestThreshold, checkCost, type MisclassificationCost } from './misclassification.ts';
import { spreadAlong } from './score-bins.ts';
import { StatisticsError } from './statistics-error.ts';

/** What declining rows at or above `threshold` leads to. */
export interface ThresholdOutcome {
  readonly threshold: number;
  readonly costPerApplication: number;
  readonly approved: number;
  /** Approved share of all rows, 0..1. */
  readonly approvalRate: number;
  readonly approvedDefaults: number;
  /** With Wilson's interval; null when nobody is approved. */
  readonly approvedDefaultRate: Interval | null;
}

const outcome = ({ negatives, positives, rows }: LabelledScores, cost: MisclassificationCost, below: Approved): ThresholdOutcome => {
  const approved = below.defaults + below.repaid;
  return {
    threshold: below.threshold,
    costPerApplication: (below.defaults * cost.falseNegative + (negatives - below.repaid) * cost.falsePositive) / (negatives + positives),
    approved,
    approvalRate: approved / rows,
    approvedDefaults: below.defaults,
    approvedDefaultRate: approved === 0 ? null : wilsonInterval(below.defaults, approved),
  };
};

interface Approved {
  readonly threshold: number;
  readonly defaults: number;
  readonly repaid: number;
}

/** Counts below each threshold, for ascending thresholds. */
const approvedBelow = (sample: LabelledScores, thresholds: readonly number[]): readonly Approved[] => {
  let index = 0;
  let defaults = 0;
  let repaid = 0;
  return thresholds.map((threshold) => {
    for (let group = sample.groups[index]; group !== undefined && group.score < threshold; group = sample.groups[++index]) {
      defaults += group.positives;
      repaid += group.negatives;
    }
    return { threshold, defaults, repaid };
  });
};

const checkThresholds = (thresholds: readonly number[]): void => {
  if (thresholds.some((threshold) => !(threshold >= 0 && threshold <= 1)))
    throw new StatisticsError('argument-out-of-range', 'a threshold must be within 0..1');
};

/**
 * Cost, approvals and default rate among the approved at each of the given thresholds (0..1), in ascending order.
 * @throws StatisticsError as costPerApplication
 */
export const outcomesAtThresholds = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  thresholds: readonly number[],
  cost: MisclassificationCost,
): readonly ThresholdOutcome[] => {
  checkProbabilities(probabilities);
  checkCost(cost);
  checkThresholds(thresholds);
  const sample = groupByScore(labels, probabilities);
  const ascending = thresholds.toSorted((a, b) => a - b);
  return approvedBelow(sample, ascending).map((below) => outcome(sample, cost, below));
};

export interface CostCurve {
  /** In ascending order of threshold, from 0 (decline all) to 1 (approve all below certainty). */
  readonly points: readonly ThresholdOutcome[];
  /** falsePositive / (falsePositive + falseNegative), right for calibrated probabilities (Elkan, 2001); it needs no data. */
  readonly analytic: ThresholdOutcome;
  /** The least cost on these rows, known only afterwards (`bestThreshold`). */
  readonly hindsight: ThresholdOutcome;
  readonly ratioToHindsight: number;
}

/**
 * Expected cost per application over thresholds: at most about `maxPoints`, spread evenly along the ranks of the probabilities, the
 * analytic threshold and the empirical optimum always among them.
 * @throws StatisticsError as costPerApplication, and argument-out-of-range below two points
 */
export const costCurve = (labels: ArrayLike<number>, probabilities: ArrayLike<number>, cost: MisclassificationCost, maxPoints = 200): CostCurve => {
  if (!(maxPoints >= 2)) throw new StatisticsError('argument-out-of-range', 'a curve needs at least two points');
  checkProbabilities(probabilities);
  checkCost(cost);
  const sample = groupByScore(labels, probabilities);
  const analyticThreshold = cost.falsePositive / (cost.falsePositive + cost.falseNegative);
  const { threshold: hindsightThreshold } = bestThreshold(labels, probabilities, cost);
  let below = 0;
  const ranks = Float64Array.from(sample.groups, ({ negatives, positives }) => (below += negatives + positives));
  const spread = spreadAlong(ranks, maxPoints).map((position) => sample.groups[position]?.score ?? 0);
  const thresholds = [...new Set([0, ...spread, analyticThreshold, hindsightThreshold, 1])].sort((a, b) => a - b);
  const points = approvedBelow(sample, thresholds).map((counts) => outcome(sample, cost, counts));
  const find = (threshold: number): ThresholdOutcome => {
    const point = points.find((candidate) => candidate.threshold === threshold);
    if (point === undefined) throw new RangeError('a threshold of the curve is missing from it');
    return point;
  };
  const analytic = find(analyticThreshold);
  const hindsight = find(hindsightThreshold);
  return { points, analytic, hindsight, ratioToHindsight: costRatio(analytic.costPerApplication, hindsight.costPerApplication) };
};

/**
 * Share of the rows within an interval of probabilities, ends included, with Wilson's interval: what a grey zone sends to review.
 * @throws StatisticsError empty, probability-out-of-range
 */
export const shareWithin = (probabilities: ArrayLike<number>, lower: number, upper: number): Interval => {
  if (probabilities.length === 0) throw new StatisticsError('empty', 'no row');
  checkProbabilities(probabilities);
  let within = 0;
  for (let row = 0; row < probabilities.length; row++) if (at(probabilities, row) >= lower && at(probabilities, row) <= upper) within++;
  return wilsonInterval(within, probabilities.length);
};
