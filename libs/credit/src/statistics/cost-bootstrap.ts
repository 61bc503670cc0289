import { percentileInterval, type Interval } from './intervals.ts';
import { at, groupByScore, type LabelledScores } from './labelled-scores.ts';
import { bestThreshold, costPerApplication, type MisclassificationCost } from './misclassification.ts';
import { createRandom, type SeededRandom } from './seeded-random.ts';
import { StatisticsError } from './statistics-error.ts';

/** Where the optimum costs nothing, the same is 1 and anything else infinite. */
export const costRatio = (cost: number, least: number): number => (least > 0 ? cost / least : cost > 0 ? Infinity : 1);

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
 * Neighbouring probabilities are resampled as one beyond this many, so that counts stay in the processor's nearest cache; thresholds
 * between them are then not tried, of which each would move less than one row in eight thousand.
 */
const maxBlocks = 8192;

/** Neighbouring rows by probability that one threshold approves or declines together. */
interface Blocks {
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  /** Cell of each row in order of probability: twice its block, plus one where it defaulted. */
  readonly cellOfRow: Uint16Array;
}

/** No block spans the fixed threshold, or holds certainty together with less. */
const makeBlocks = ({ groups, rows }: LabelledScores, fixedThreshold: number): Blocks => {
  const least = rows / maxBlocks;
  const lowest: number[] = [];
  const highest: number[] = [];
  const cellOfRow = new Uint16Array(rows);
  let filled = 0;
  let inBlock = Infinity;
  let last = Number.NaN;
  for (const { negatives, positives, score } of groups) {
    const isApart = score === 1 || (last < fixedThreshold && score >= fixedThreshold);
    if (groups.length <= maxBlocks || inBlock >= least || isApart) {
      lowest.push(score);
      highest.push(score);
      inBlock = 0;
    }
    const block = lowest.length - 1;
    highest[block] = score;
    cellOfRow.fill(2 * block, filled, filled + negatives);
    cellOfRow.fill(2 * block + 1, filled + negatives, filled + negatives + positives);
    filled += negatives + positives;
    inBlock += negatives + positives;
    last = score;
  }
  return { lowest: Float64Array.from(lowest), highest: Float64Array.from(highest), cellOfRow };
};

/** Draws as many rows as there are, with replacement, into counts by cell. */
const resampleCounts = (counts: Uint32Array, cellOfRow: Uint16Array, random: SeededRandom): void => {
  counts.fill(0);
  const rows = cellOfRow.length;
  const scale = rows / 2 ** 32;
  for (let draw = 0; draw < rows; draw++) {
    const cell = cellOfRow[Math.floor(random.uint32() * scale)] ?? 0;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
};

/** Total costs of a resample: at the fixed threshold, and the least with its threshold. */
const sweep = (counts: Uint32Array, { highest, lowest }: Blocks, cost: MisclassificationCost, fixedThreshold: number) => {
  let repaidAbove = 0;
  for (let cell = 0; cell < counts.length; cell += 2) repaidAbove += at(counts, cell);
  let defaultsBelow = 0;
  let costHere = repaidAbove * cost.falsePositive;
  let least = costHere;
  let threshold = 0;
  let atFixed = costHere;
  for (let block = 0; block < highest.length; block++) {
    const repaid = at(counts, 2 * block);
    const defaults = at(counts, 2 * block + 1);
    // At certainty there is no higher threshold that would let the rows through.
    if (repaid + defaults === 0 || at(highest, block) === 1) continue;
    repaidAbove -= repaid;
    defaultsBelow += defaults;
    costHere = defaultsBelow * cost.falseNegative + repaidAbove * cost.falsePositive;
    if (at(highest, block) < fixedThreshold) atFixed = costHere;
    if (costHere < least) {
      least = costHere;
      let next = block + 1;
      while (next < highest.length && at(counts, 2 * next) + at(counts, 2 * next + 1) === 0) next++;
      threshold = next < highest.length ? (at(highest, block) + at(lowest, next)) / 2 : 1;
    }
  }
  return { atFixed, least, threshold };
};

/**
 * Percentile bootstrap (95 %) of the empirical optimum and of the costs. Rows are drawn with replacement from all rows, not class by
 * class, since the number of defaults to come is uncertain too. A resample counts rows by neighbouring probabilities: it costs a draw
 * a row and a sweep, and nothing is copied or sorted again.
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
  const blocks = makeBlocks(groupByScore(labels, probabilities), fixedThreshold);
  const counts = new Uint32Array(2 * blocks.highest.length);
  const random = createRandom(seed);
  const thresholds = new Float64Array(resamples);
  const leastCosts = new Float64Array(resamples);
  const fixedCosts = new Float64Array(resamples);
  const ratios = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    resampleCounts(counts, blocks.cellOfRow, random);
    const { atFixed, least, threshold } = sweep(counts, blocks, cost, fixedThreshold);
    thresholds[resample] = threshold;
    leastCosts[resample] = least / labels.length;
    fixedCosts[resample] = atFixed / labels.length;
    ratios[resample] = costRatio(atFixed, least);
  }
  return {
    resamples,
    hindsightThreshold: percentileInterval(best.threshold, thresholds),
    hindsightCost: percentileInterval(best.costPerApplication, leastCosts),
    fixedCost: percentileInterval(fixed, fixedCosts),
    ratioToHindsight: percentileInterval(costRatio(fixed, best.costPerApplication), ratios),
  };
};
