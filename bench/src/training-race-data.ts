import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Rows to learn from, rows held out, features. */
export interface RaceSize {
  readonly numRows: number;
  readonly numHeldOut: number;
  readonly numFeatures: number;
}

const rowsPerWrite = 4096;

/** Where the race's data lie in its folder: float32 row-major, NaN = missing, and one byte a label; training rows first. */
export const raceFiles = (folder: string): { readonly matrix: string; readonly labels: string } => ({
  matrix: join(folder, 'matrix.f32'),
  labels: join(folder, 'labels.u8'),
});

/** xorshift128 (Marsaglia, 2003), uniform in [0, 1). */
function createUniform(seed: number): () => number {
  let [x, y, z, w] = [123456789, 362436069, 521288629, seed | 0];
  return () => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return (w >>> 0) / 2 ** 32;
  };
}

/**
 * Writes distinct rows, seeded: normal numbers; every 7th feature is rounded to thirds, every 11th is 0 or 1; every 3rd has missing
 * values, 5 to 40 % of them. A quarter of the features tell something, some of them together, in waves or by being missing.
 */
export function writeRaceData(folder: string, { numRows, numHeldOut, numFeatures }: RaceSize): void {
  const uniform = createUniform(20261126);
  const weights = Array.from({ length: numFeatures }, (_, feature) => (feature < numFeatures / 4 ? (uniform() - 0.5) * 0.7 : 0));
  const { matrix, labels } = raceFiles(folder);
  const matrixFile = openSync(matrix, 'w');
  const labelFile = openSync(labels, 'w');
  const total = numRows + numHeldOut;
  for (let from = 0; from < total; from += rowsPerWrite) {
    const count = Math.min(rowsPerWrite, total - from);
    const values = new Float32Array(count * numFeatures);
    const ofRows = new Uint8Array(count);
    for (let row = 0; row < count; row++) {
      const at = row * numFeatures;
      // Box and Muller's pairs.
      for (let feature = 0; feature < numFeatures; feature += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
        const angle = 2 * Math.PI * uniform();
        values[at + feature] = radius * Math.cos(angle);
        if (feature + 1 < numFeatures) values[at + feature + 1] = radius * Math.sin(angle);
      }
      const value = (feature: number): number => values[at + feature] ?? 0;
      let margin = -2.2 + 0.7 * Math.sin(3 * value(1)) + (value(3) > 0.5 ? 0.5 : 0);
      for (let feature = 0; feature < numFeatures / 4; feature++) margin += (weights[feature] ?? 0) * value(feature);
      for (let feature = 0; feature < 20; feature += 2) margin += 0.5 * value(feature) * value(feature + 1);
      for (let feature = 0; feature < numFeatures; feature++) {
        if (feature % 7 === 0) values[at + feature] = Math.round(value(feature) * 3);
        if (feature % 11 === 0) values[at + feature] = value(feature) > 0.3 ? 1 : 0;
        if (feature % 3 === 0 && uniform() < 0.05 + (0.35 * (feature % 9)) / 6) {
          values[at + feature] = Number.NaN;
          if (feature < 12) margin += 0.25;
        }
      }
      ofRows[row] = uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
    }
    writeSync(matrixFile, values);
    writeSync(labelFile, ofRows);
  }
  closeSync(matrixFile);
  closeSync(labelFile);
}

/** Reads rows of the race's data, into shared memory. */
export function readRaceRows(
  folder: string,
  numFeatures: number,
  from: number,
  count: number,
): { readonly values: Float32Array; readonly labels: Uint8Array } {
  const { matrix, labels } = raceFiles(folder);
  const values = new Float32Array(new SharedArrayBuffer(count * numFeatures * 4));
  const file = openSync(matrix, 'r');
  const block = new Float32Array(rowsPerWrite * numFeatures);
  for (let row = 0; row < count; row += rowsPerWrite) {
    const length = Math.min(rowsPerWrite, count - row) * numFeatures;
    readSync(file, block, 0, length * 4, (from + row) * numFeatures * 4);
    values.set(block.subarray(0, length), row * numFeatures);
  }
  closeSync(file);
  const ofRows = new Uint8Array(count);
  const labelFile = openSync(labels, 'r');
  readSync(labelFile, ofRows, 0, count, from);
  closeSync(labelFile);
  return { values, labels: ofRows };
}
