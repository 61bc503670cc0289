import { percentileInterval, wilsonInterval, type Interval } from './intervals.ts';
import { at, checkLengths, checkProbabilities, groupByScore, type LabelledScores } from './labelled-scores.ts';
import { bestThreshold, checkCost, costPerApplication, type MisclassificationCost } from './misclassification.ts';
import { spreadAlong } from './score-bins.ts';
import { createRandom } from './seeded-random.ts';
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

/** Where the optimum costs nothing, the same is 1 and anything else infinite. */
const costRatio = (cost: number, least: number): number => (least > 0 ? cost / least : cost > 0 ? Infinity : 1);

export interface CostBootstrap {
  readonly resamples: number;
  /** Of the empirical optimum. */
  readonly hindsightThreshold: Interval;
  readonly hindsightCost: Interval;
  /** At the threshold fixed beforehand. */
  readonly fixedCost: Interval;
  /** Cost at the fixed threshold over that at each resample's own optimum: at least 1. */
  readonly ratioToHindsight: Interval;
}

/**
 * Percentile bootstrap (95 %) of the empirical optimum and of the costs. Rows are drawn with replacement from all rows, not class by
 * class, since the number of defaults to come is uncertain too. Each resample counts rows by distinct probability, so that it costs
 * one draw a row and one sweep, and nothing is copied or sorted again.
 * @throws StatisticsError as costPerApplication, and argument-out-of-range (resamples not a positive integer)
 */
export const bootstrapCosts = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  cost: MisclassificationCost,
  { fixedThreshold, resamples, seed }: { readonly fixedThreshold: number; readonly resamples: number; readonly seed: number },
): CostBootstrap => {
  if (!Number.isInteger(resamples) || resamples < 1) throw new StatisticsError('argument-out-of-range', 'resamples must be a positive integer');
  const fixed = costPerApplication(labels, probabilities, fixedThreshold, cost);
  const best = bestThreshold(labels, probabilities, cost);
  const { groups, rows } = groupByScore(labels, probabilities);
  // Cell of each row in order of probability: twice its group, plus one where it defaulted.
  const cellOfRow = new Uint32Array(rows);
  let filled = 0;
  for (const [index, { negatives, positives }] of groups.entries()) {
    cellOfRow.fill(2 * index, filled, filled + negatives);
    cellOfRow.fill(2 * index + 1, filled + negatives, filled + negatives + positives);
    filled += negatives + positives;
  }
  const scores = Float64Array.from(groups, ({ score }) => score);
  const counts = new Uint32Array(2 * groups.length);
  const random = createRandom(seed);
  const thresholds = new Float64Array(resamples);
  const leastCosts = new Float64Array(resamples);
  const fixedCosts = new Float64Array(resamples);
  const ratios = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let draw = 0; draw < rows; draw++) {
      const cell = at(cellOfRow, Math.floor((random.uint32() / 2 ** 32) * rows));
      counts[cell] = at(counts, cell) + 1;
    }
    let repaidAbove = 0;
    for (let cell = 0; cell < counts.length; cell += 2) repaidAbove += at(counts, cell);
    let current = repaidAbove * cost.falsePositive;
    let least = current;
    let threshold = 0;
    let atFixed = current;
    for (let index = 0; index < scores.length; index++) {
      const score = at(scores, index);
      // At certainty there is no higher threshold that would let the group through.
      if (score === 1) break;
      const repaid = at(counts, 2 * index);
      const defaults = at(counts, 2 * index + 1);
      if (repaid + defaults === 0) continue;
      current += defaults * cost.falseNegative - repaid * cost.falsePositive;
      if (score < fixedThreshold) atFixed = current;
      if (current < least - 1e-9 * cost.falsePositive) {
        least = current;
        let next = index + 1;
        while (next < scores.length && at(counts, 2 * next) + at(counts, 2 * next + 1) === 0) next++;
        threshold = next < scores.length ? (score + at(scores, next)) / 2 : 1;
      }
    }
    // Sums of costs may end a rounding below nothing.
    least = Math.max(0, least);
    thresholds[resample] = threshold;
    leastCosts[resample] = least / rows;
    fixedCosts[resample] = Math.max(least, atFixed) / rows;
    ratios[resample] = costRatio(Math.max(least, atFixed), least);
  }
  return {
    resamples,
    hindsightThreshold: percentileInterval(best.threshold, thresholds),
    hindsightCost: percentileInterval(best.costPerApplication, leastCosts),
    fixedCost: percentileInterval(fixed, fixedCosts),
    ratioToHindsight: percentileInterval(costRatio(fixed, best.costPerApplication), ratios),
  };
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

export interface ProfitPoint {
  readonly threshold: number;
  readonly approvalRate: number;
  /** Gains of approved rows that repaid less losses of those that defaulted, over all rows, in the amounts' unit. */
  readonly profitPerApplication: number;
}

/**
 * Profit per application over thresholds when every row has its own amounts: `gains` if it repays, `losses` if it defaults (both at
 * least 0). At most about `maxPoints` thresholds, evenly spread along the ranks, the most profitable always among them.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, argument-out-of-range
 */
export const profitCurve = (
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { gains, losses }: { readonly gains: ArrayLike<number>; readonly losses: ArrayLike<number> },
  maxPoints = 200,
): { readonly points: readonly ProfitPoint[]; readonly best: ProfitPoint } => {
  if (!(maxPoints >= 2)) throw new StatisticsError('argument-out-of-range', 'a curve needs at least two points');
  checkLengths(labels, probabilities);
  checkLengths(labels, gains);
  checkLengths(labels, losses);
  checkProbabilities(probabilities);
  const { groups, rows } = groupByScore(labels, probabilities);
  const groupOf = new Map(groups.map(({ score }, index) => [score, index]));
  const profits = new Float64Array(groups.length);
  for (let row = 0; row < rows; row++) {
    const amount = at(labels, row) === 1 ? -at(losses, row) : at(gains, row);
    if (!Number.isFinite(amount)) throw new StatisticsError('argument-out-of-range', `an amount of row ${row} is not finite`);
    const group = groupOf.get(at(probabilities, row) + 0) ?? 0;
    profits[group] = at(profits, group) + amount;
  }
  let profit = 0;
  let approved = 0;
  const all: ProfitPoint[] = [{ threshold: 0, approvalRate: 0, profitPerApplication: 0 }];
  for (const [index, { negatives, positives, score }] of groups.entries()) {
    if (score === 1) break;
    profit += at(profits, index);
    approved += negatives + positives;
    const next = groups[index + 1]?.score ?? 1;
    all.push({ threshold: next, approvalRate: approved / rows, profitPerApplication: profit / rows });
  }
  let bestPosition = 0;
  for (const [position, point] of all.entries()) {
    if (point.profitPerApplication > (all[bestPosition]?.profitPerApplication ?? Infinity)) bestPosition = position;
  }
  const kept = new Set([
    ...spreadAlong(
      Float64Array.from(all, ({ approvalRate }) => approvalRate),
      maxPoints,
    ),
    bestPosition,
  ]);
  return {
    points: all.filter((_, position) => kept.has(position)),
    best: all[bestPosition] ?? { threshold: 0, approvalRate: 0, profitPerApplication: 0 },
  };
};
