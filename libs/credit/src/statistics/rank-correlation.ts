import { at, checkLengths } from './labelled-scores.ts';
import { StatisticsError } from './statistics-error.ts';

const check = (first: ArrayLike<number>, second: ArrayLike<number>): void => {
  checkLengths(first, second);
  for (let index = 0; index < first.length; index++) {
    if (Number.isNaN(at(first, index)) || Number.isNaN(at(second, index)))
      throw new StatisticsError('score-not-finite', `value ${index} is not a number`);
  }
};

/** Ranks from 1, ties sharing their mean. */
const averageRanks = (values: ArrayLike<number>): Float64Array => {
  const order = Uint32Array.from({ length: values.length }, (_, index) => index).sort((a, b) => at(values, a) - at(values, b));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && at(values, at(order, end)) === at(values, at(order, start))) end++;
    for (let place = start; place < end; place++) ranks[at(order, place)] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
};

/**
 * Spearman's rank correlation, ties by mean rank (scipy's `spearmanr`); −1..1, NaN where a side is constant.
 * @throws StatisticsError lengths-differ, empty, score-not-finite
 */
export const spearmanCorrelation = (first: ArrayLike<number>, second: ArrayLike<number>): number => {
  check(first, second);
  const a = averageRanks(first);
  const b = averageRanks(second);
  const mean = (a.length + 1) / 2;
  let product = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  for (let index = 0; index < a.length; index++) {
    product += (at(a, index) - mean) * (at(b, index) - mean);
    firstSquares += (at(a, index) - mean) ** 2;
    secondSquares += (at(b, index) - mean) ** 2;
  }
  return product / Math.sqrt(firstSquares * secondSquares);
};

/**
 * Kendall's τ_b (scipy's `kendalltau`), pair by pair: for rankings of features, not of rows; −1..1, NaN where a side is constant.
 * @throws StatisticsError lengths-differ, empty, score-not-finite
 */
export const kendallTau = (first: ArrayLike<number>, second: ArrayLike<number>): number => {
  check(first, second);
  let balance = 0;
  let firstUntied = 0;
  let secondUntied = 0;
  for (let left = 0; left < first.length; left++) {
    for (let right = left + 1; right < first.length; right++) {
      const a = Math.sign(at(first, left) - at(first, right));
      const b = Math.sign(at(second, left) - at(second, right));
      balance += a * b;
      if (a !== 0) firstUntied++;
      if (b !== 0) secondUntied++;
    }
  }
  return balance / Math.sqrt(firstUntied) / Math.sqrt(secondUntied);
};
