import { at, type LabelledScores } from './labelled-scores.ts';
import { StatisticsError } from './statistics-error.ts';

/** Rows of neighbouring scores. `positives` and the sums may be fractions of a tie that two bins share. */
export interface ScoreBin {
  /** Least and greatest score in the bin. */
  readonly lowest: number;
  readonly highest: number;
  readonly rows: number;
  readonly positives: number;
  readonly scoreSum: number;
  readonly scoreSquares: number;
  /** Σ score · label. */
  readonly crossProducts: number;
}

interface OpenBin {
  lowest: number;
  highest: number;
  rows: number;
  positives: number;
  scoreSum: number;
  scoreSquares: number;
  crossProducts: number;
}

const openBin = (): OpenBin => ({
  lowest: Infinity,
  highest: -Infinity,
  rows: 0,
  positives: 0,
  scoreSum: 0,
  scoreSquares: 0,
  crossProducts: 0,
});

const take = (bin: OpenBin, score: number, rows: number, positives: number): void => {
  bin.lowest = Math.min(bin.lowest, score);
  bin.highest = Math.max(bin.highest, score);
  bin.rows += rows;
  bin.positives += positives;
  bin.scoreSum += rows * score;
  bin.scoreSquares += rows * score * score;
  bin.crossProducts += positives * score;
};

const checkBins = (bins: number): void => {
  if (!Number.isInteger(bins) || bins < 1) throw new StatisticsError('argument-out-of-range', 'bins must be a positive integer');
};

/**
 * Bins of equal count in ascending order of score: bin b holds ranks ⌊b·n/bins⌋ to ⌊(b+1)·n/bins⌋ − 1. Rows that tie share their
 * mean label, so that the order of rows changes nothing. With fewer rows than bins there is a bin for each row.
 * @throws StatisticsError argument-out-of-range
 */
export const equalCountBins = ({ groups, rows }: LabelledScores, bins: number): readonly ScoreBin[] => {
  checkBins(bins);
  const numBins = Math.min(bins, rows);
  const filled = Array.from({ length: numBins }, openBin);
  let bin = 0;
  let rank = 0;
  for (const { negatives, positives, score } of groups) {
    const share = positives / (positives + negatives);
    const end = rank + positives + negatives;
    while (rank < end) {
      const binEnd = Math.floor(((bin + 1) * rows) / numBins);
      const taken = Math.min(end, binEnd) - rank;
      const current = filled[bin];
      if (current !== undefined) take(current, score, taken, taken === positives + negatives ? positives : taken * share);
      rank += taken;
      if (rank === binEnd) bin++;
    }
  }
  return filled;
};

/**
 * Bins of equal width over 0..1, (b/bins, (b+1)/bins], the first with 0; empty ones left out.
 * @throws StatisticsError argument-out-of-range
 */
export const equalWidthBins = ({ groups }: LabelledScores, bins: number): readonly ScoreBin[] => {
  checkBins(bins);
  const filled = Array.from({ length: bins }, openBin);
  for (const { negatives, positives, score } of groups) {
    const current = filled[Math.min(bins - 1, Math.max(0, Math.ceil(score * bins) - 1))];
    if (current !== undefined) take(current, score, positives + negatives, positives);
  }
  return filled.filter(({ rows }) => rows > 0);
};

/** Cumulative rows and positives from the highest score down, a step a distinct score; `threshold` takes in that score. */
export interface Step {
  readonly threshold: number;
  readonly rows: number;
  readonly positives: number;
}

export const stepsDown = ({ groups }: LabelledScores): readonly Step[] => {
  const steps: Step[] = [];
  let rows = 0;
  let positives = 0;
  for (let index = groups.length - 1; index >= 0; index--) {
    const group = groups[index];
    if (group === undefined) continue;
    rows += group.positives + group.negatives;
    positives += group.positives;
    steps.push({ threshold: group.score, rows, positives });
  }
  return steps;
};

/** Positions of at most `count` of `length` entries, evenly spread along a coordinate that never falls, both ends among them. */
export const spreadAlong = (coordinate: ArrayLike<number>, count: number): readonly number[] => {
  const length = coordinate.length;
  if (length <= count) return Array.from({ length }, (_, index) => index);
  const first = at(coordinate, 0);
  const span = at(coordinate, length - 1) - first;
  const chosen = [0];
  let place = 0;
  for (let mark = 1; mark < count - 1; mark++) {
    const wanted = first + (span * mark) / (count - 1);
    while (place < length - 1 && at(coordinate, place) < wanted) place++;
    if (place > (chosen.at(-1) ?? 0) && place < length - 1) chosen.push(place);
  }
  chosen.push(length - 1);
  return chosen;
};
