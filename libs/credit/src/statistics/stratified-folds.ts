import { at, checkLabel } from './labelled-scores.ts';
import { createRandom, shuffle } from './seeded-random.ts';
import { StatisticsError } from './statistics-error.ts';

/**
 * Deals rows into `numFolds` folds with the same share of defaults in each, up to one row of each class; returns the fold
 * (0..numFolds−1) of every row. The same labels, number and seed always give the same folds.
 * @throws StatisticsError empty, label-not-binary, argument-out-of-range (2..255 folds), class-too-small (a class must reach every fold)
 */
export const stratifiedFolds = (labels: ArrayLike<number>, numFolds: number, seed: number): Uint8Array<ArrayBuffer> => {
  if (!Number.isInteger(numFolds) || numFolds < 2 || numFolds > 255)
    throw new StatisticsError('argument-out-of-range', 'the number of folds must be within 2..255');
  if (labels.length === 0) throw new StatisticsError('empty', 'no row');
  const rowsByClass: [number[], number[]] = [[], []];
  for (let row = 0; row < labels.length; row++) {
    const label = at(labels, row);
    checkLabel(label, row);
    rowsByClass[label === 1 ? 1 : 0].push(row);
  }
  const random = createRandom(seed);
  const folds = new Uint8Array(labels.length);
  // The deal goes on from class to class where it stopped, so that folds differ by one row at most.
  let dealt = 0;
  for (const rows of rowsByClass) {
    if (rows.length < numFolds) throw new StatisticsError('class-too-small', `${rows.length} rows of a class cannot reach ${numFolds} folds`);
    const order = Uint32Array.from(rows);
    shuffle(order, random);
    for (const row of order) folds[row] = dealt++ % numFolds;
  }
  return folds;
};
