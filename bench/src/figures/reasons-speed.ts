import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBackgroundExplainer, predictMargins, readLightGbm, type BackgroundExplainer, type FeatureMatrix } from '@lisible/tree-ensemble';
import { z } from 'zod';
import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';
import { runOracle } from '../oracle.ts';

const limitMs = 1;
const batchSize = 16;
const backgroundRows = 200;
const numTrees = 500;
/** Sum of 500 leaves, in another order than the model's own. */
const additivityTolerance = 1e-9;
/** shap and woodelf add in single precision. */
const rivalTolerance = 1e-5;
const script = fileURLToPath(new URL('../../oracles/reasons_rival.py', import.meta.url));
const extract = fileURLToPath(new URL('../../../../shared/data/home-credit', import.meta.url));

const madeSchema = z.object({
  numFeatures: z.number(),
  numBackground: z.literal(backgroundRows),
  numRows: z.number(),
  numTrees: z.literal(numTrees),
  numLeaves: z.number(),
});
const explainedSchema = z.object({
  shapSeconds: z.number(),
  woodelfSeconds: z.number(),
  woodelfMoreSeconds: z.number().nullable(),
  versions: z.record(z.string(), z.string()),
});

const readBytes = (folder: string, name: string): ArrayBuffer => Uint8Array.from(readFileSync(join(folder, name))).buffer;

const take = ({ numFeatures, values }: FeatureMatrix, first: number, numRows: number): FeatureMatrix => ({
  numRows,
  numFeatures,
  values: values.subarray(first * numFeatures, (first + numRows) * numFeatures),
});

const farthest = (ours: Float64Array, theirs: Float64Array): number => {
  if (ours.length !== theirs.length) throw new Error('the two did not explain the same rows');
  return ours.reduce((most, value, index) => {
    const distance = Math.abs(value - (theirs[index] ?? Number.NaN));
    return Number.isNaN(distance) ? Infinity : Math.max(most, distance);
  }, 0);
};

/** Milliseconds a row, the median of the batches that `numRows` rows from `first` on make; every row is met once. */
const timeRows = (explainer: BackgroundExplainer, rows: FeatureMatrix, first: number, numRows: number): number => {
  const batches: number[] = [];
  for (let row = first; row < first + numRows; row += batchSize) {
    const began = performance.now();
    explainer.explainRows(take(rows, row, batchSize));
    batches.push((performance.now() - began) / batchSize);
  }
  return median(batches);
};

const timeSingle = (explainer: BackgroundExplainer, rows: FeatureMatrix, first: number, numRows: number): number =>
  median(
    Array.from({ length: numRows }, (_, index) => {
      const row = take(rows, first + index, 1).values;
      const began = performance.now();
      explainer.explain(row);
      return performance.now() - began;
    }),
  );

const additivityError = (explainer: BackgroundExplainer, shapValues: Float64Array, margins: Float64Array): number => {
  const numFeatures = shapValues.length / margins.length;
  const totals = margins.map((_, row) =>
    shapValues.subarray(row * numFeatures, (row + 1) * numFeatures).reduce((sum, value) => sum + value, explainer.baseValue),
  );
  return farthest(totals, margins);
};

export const reasonsSpeed: Figure = {
  name: 'reasons-speed',
  title: `exact SHAP values against ${backgroundRows} near-approved clients, ${numTrees} LightGBM trees of depth up to 6, a row in batches of ${batchSize} distinct rows, one thread`,
  unit: 'ms/row',
  target: `at most ${limitMs} ms a row, aim 0.3 ms`,

  async measure({ isShort, log }) {
    const folder = mkdtempSync(join(tmpdir(), 'lisible-reasons-'));
    const repetitions = isShort ? 2 : 5;
    const rowsEach = isShort ? 512 : 1600;
    try {
      const isReal = existsSync(extract);
      const data = isReal ? extract : 'synthetic';
      log(`LightGBM trains on ${isReal ? 'the applications of the Home Credit extract' : 'synthetic rows'}…`);
      const parameters = ['--data', data, '--trees', `${numTrees}`, '--background', `${backgroundRows}`, '--rows', `${repetitions * rowsEach}`];
      const made = madeSchema.parse(JSON.parse(await runOracle(script, ['make', '--out', folder, ...parameters], log)));
      const { numFeatures, numRows } = made;
      const ensemble = readLightGbm(readFileSync(join(folder, 'model.txt'), 'utf8'));
      const rows = { numRows, numFeatures, values: new Float32Array(readBytes(folder, 'rows.f32')) };
      const background = { numRows: backgroundRows, numFeatures, values: new Float32Array(readBytes(folder, 'background.f32')) };
      const margins = new Float64Array(readBytes(folder, 'margins.f64'));
      if (farthest(predictMargins(ensemble, rows), margins) !== 0) throw new Error('these are not the trees that LightGBM made');

      const preparedAt = performance.now();
      const explainer = createBackgroundExplainer(ensemble, background);
      const prepareMs = performance.now() - preparedAt;
      const additivity = additivityError(explainer, explainer.explainRows(rows), margins);
      if (!(additivity <= additivityTolerance)) throw new Error(`the attributions miss the margins by ${additivity}`);

      const samples: number[] = [];
      const single: number[] = [];
      const shap: number[] = [];
      const woodelf: number[] = [];
      const loads: number[] = [];
      let rivalDifference = 0;
      let woodelfMany = Number.NaN;
      let versions: Readonly<Record<string, string>> = {};
      for (let repetition = 0; repetition < repetitions; repetition++) {
        const first = repetition * rowsEach;
        const range = ['--out', folder, '--first', `${first}`, '--count', `${batchSize}`, ...(repetition === 0 ? ['--more', `${numRows}`] : [])];
        const theirs = explainedSchema.parse(JSON.parse(await runOracle(script, ['explain', ...range], log)));
        const batch = explainer.explainRows(take(rows, first, batchSize));
        for (const name of ['shap', 'woodelf']) {
          const difference = farthest(batch, new Float64Array(readBytes(folder, `${name}.f64`)));
          if (!(difference <= rivalTolerance)) throw new Error(`${name} and we differ by ${difference}`);
          rivalDifference = Math.max(rivalDifference, difference);
        }
        versions = theirs.versions;
        shap.push((theirs.shapSeconds * 1000) / batchSize);
        woodelf.push((theirs.woodelfSeconds * 1000) / batchSize);
        if (theirs.woodelfMoreSeconds !== null) woodelfMany = (theirs.woodelfMoreSeconds * 1000) / numRows;
        samples.push(timeRows(explainer, rows, first, rowsEach));
        single.push(timeSingle(explainer, rows, first, batchSize * 4));
        loads.push(loadavg()[0] ?? 0);
        log(
          `${(samples.at(-1) ?? 0).toFixed(3)} ms a row; shap ${(shap.at(-1) ?? 0).toFixed(1)}, woodelf ${(woodelf.at(-1) ?? 0).toFixed(1)} ms a row of ${batchSize}`,
        );
      }
      const value = median(samples);
      return {
        value,
        samples,
        rival: { name: `shap ${versions['shap'] ?? ''}, same trees, background and rows`, value: median(shap) },
        isMet: value <= limitMs,
        details: {
          data: isReal ? 'Home Credit extract, application columns' : 'synthetic',
          'minimum, maximum': `${Math.min(...samples).toFixed(4)}, ${Math.max(...samples).toFixed(4)}`,
          'one row at a time, ms': median(single),
          'preparing, once a model, ms': prepareMs,
          'shap, minimum and maximum, ms a row': `${Math.min(...shap).toFixed(1)}, ${Math.max(...shap).toFixed(1)}`,
          'woodelf, ms a row (a batch of 16, which it prepares anew)': median(woodelf),
          [`woodelf, ms a row (${numRows} rows at once)`]: woodelfMany,
          'attributions against shap and woodelf (single precision), at most': rivalDifference,
          'baseline + sum − margin, at most': additivity,
          leaves: made.numLeaves,
          features: numFeatures,
          'load while measuring, at most': Math.max(...loads),
          ...versions,
        },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
