import { wilsonInterval, type Interval } from './intervals.ts';
import { checkBothClasses, checkProbabilities, groupByScore } from './labelled-scores.ts';
import { equalCountBins } from './score-bins.ts';

/** A tenth of the rows, riskiest first. Counts of defaults may be fractions where a tie spans two deciles. */
export interface Decile {
  /** 1 is the riskiest. */
  readonly decile: number;
  readonly rows: number;
  readonly defaults: number;
  readonly lowestProbability: number;
  readonly highestProbability: number;
  readonly meanProbability: number;
  /** With Wilson's interval. */
  readonly defaultRate: Interval;
  /** Default rate over that of all rows. */
  readonly lift: number;
  /** Share of all defaults in this decile and the riskier ones, 0..1. */
  readonly cumulativeShareOfDefaults: number;
}

/**
 * The decile table: rows sorted by probability and dealt into ten (or `bins`) equal counts, ties sharing their mean label.
 * @throws StatisticsError lengths-differ, empty, label-not-binary, probability-out-of-range, one-class, argument-out-of-range
 */
export const decileTable = (labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10): readonly Decile[] => {
  checkProbabilities(probabilities);
  const sample = groupByScore(labels, probabilities);
  checkBothClasses(sample);
  let captured = 0;
  return equalCountBins(sample, bins)
    .toReversed()
    .map(({ highest, lowest, positives, rows, scoreSum }, index) => {
      captured += positives;
      return {
        decile: index + 1,
        rows,
        defaults: positives,
        lowestProbability: lowest,
        highestProbability: highest,
        meanProbability: scoreSum / rows,
        defaultRate: wilsonInterval(Math.min(positives, rows), rows),
        lift: (positives * sample.rows) / (rows * sample.positives),
        cumulativeShareOfDefaults: Math.min(1, captured / sample.positives),
      };
    });
};
