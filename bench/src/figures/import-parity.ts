import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findLeaf, predictMargins, readLightGbm, readOnnx, readXgBoost, toOnnx, type TreeEnsemble } from '@lisible/tree-ensemble';
import { z } from 'zod';
import type { Figure } from '../figure.ts';
import { runOracle } from '../oracle.ts';

const script = fileURLToPath(new URL('../../oracles/foreign_models.py', import.meta.url));
const extract = fileURLToPath(new URL('../../../../shared/data/home-credit', import.meta.url));
const limits = { lightgbm: 1e-12, xgboost: 1e-5 } as const;
const madeSchema = z.object({
  version: z.string(),
  numRows: z.number(),
  numFeatures: z.number(),
  numTrees: z.number(),
  numCategorical: z.number(),
  missingShare: z.number(),
});

/** Everything of a folder that `foreign_models.py` filled, compared with what the reader makes of its model. */
function compare(folder: string, library: keyof typeof limits, made: z.infer<typeof madeSchema>) {
  const read = (name: string): ArrayBuffer => Uint8Array.from(readFileSync(join(folder, name))).buffer;
  const began = performance.now();
  const ensemble =
    library === 'lightgbm'
      ? readLightGbm(readFileSync(join(folder, 'model.txt'), 'utf8'))
      : readXgBoost(readFileSync(join(folder, 'model.json'), 'utf8'));
  const readMs = performance.now() - began;
  const { numRows, numFeatures } = made;
  const matrix = { numRows, numFeatures, values: new Float32Array(read('rows.f32')) };
  const theirs = new Float64Array(read('margins.f64'));
  const ours = predictMargins(ensemble, matrix);
  if (ensemble.trees.length !== made.numTrees || theirs.length !== numRows) throw new Error('the model that was read is not the one that was made');
  const marginDifference = farthest(ours, theirs);
  // XGBoost adds in float32: the leaves that were read, added as it adds, must give its very margins.
  const asTheirs = library === 'xgboost' ? sumInFloat32(ensemble, matrix.values, numFeatures) : ours;
  // The same ensemble once more through ONNX: sets, directions and sums have to survive that as well.
  const again = predictMargins(readOnnx(toOnnx(ensemble)).ensemble, matrix);
  return {
    marginDifference,
    summedAlikeDifference: farthest(asTheirs, theirs),
    distinctMargins: new Set(theirs).size,
    onnxDifference: farthest(again, ours),
    leavesApart: library === 'xgboost' ? countLeavesApart(ensemble, matrix.values, numFeatures, new Int32Array(read('leaves.i32'))) : null,
    categorySplits: ensemble.trees.reduce((sum, { categories = [] }) => sum + categories.filter((words) => words !== null).length, 0),
    readMs,
  };
}

function farthest(ours: Float64Array, theirs: Float64Array): number {
  return ours.reduce((most, value, row) => {
    const distance = Math.abs(value - (theirs[row] ?? Number.NaN));
    return Number.isNaN(distance) ? Infinity : Math.max(most, distance);
  }, 0);
}

function sumInFloat32(ensemble: TreeEnsemble, values: Float32Array, numFeatures: number): Float64Array {
  const sums = new Float32Array(values.length / numFeatures).fill(ensemble.baseValue);
  for (const tree of ensemble.trees) {
    for (const row of sums.keys()) sums[row] = (sums[row] ?? 0) + (tree.leafValue[findLeaf(tree, values, row * numFeatures)] ?? Number.NaN);
  }
  return Float64Array.from(sums);
}

/** Rows of a tree whose leaf is not the one that the tree's other rows of the same leaf of XGBoost's fall into, or two such leaves in one. */
function countLeavesApart(ensemble: TreeEnsemble, values: Float32Array, numFeatures: number, theirs: Int32Array): number {
  const numTrees = ensemble.trees.length;
  let apart = 0;
  for (const [index, tree] of ensemble.trees.entries()) {
    const oursByTheirs = new Map<number, number>();
    const theirsByOurs = new Map<number, number>();
    for (let row = 0; row * numFeatures < values.length; row++) {
      const our = findLeaf(tree, values, row * numFeatures);
      const their = theirs[row * numTrees + index] ?? Number.NaN;
      if (!oursByTheirs.has(their)) oursByTheirs.set(their, our);
      if (!theirsByOurs.has(our)) theirsByOurs.set(our, their);
      if (oursByTheirs.get(their) !== our || theirsByOurs.get(our) !== their) apart++;
    }
  }
  return apart;
}

export const importParity: Figure = {
  name: 'import-parity',
  title: 'models of LightGBM and XGBoost, 500 trees on categories of up to 5,000 codes and missing values, read from their own files',
  unit: '(greatest difference of margins, as a share of its limit)',
  target: '1: LightGBM within 1e-12; XGBoost the same leaf in every tree, margin within 1e-5; on 10,000 rows',

  async measure({ isShort, log }) {
    const sources: [string, string][] = [['synthetic', 'synthetic']];
    if (existsSync(extract)) sources.push(['extract', extract]);
    else log('../shared/data/home-credit is absent: measured on synthetic data only');
    const samples: number[] = [];
    const details: Record<string, number | string> = { rows: 10_000, trees: isShort ? 100 : 500 };
    const versions = new Set<string>();
    let leavesApart = 0;
    let onnxDifference = 0;
    let summedAlikeDifference = 0;
    for (const library of ['lightgbm', 'xgboost'] as const) {
      for (const [name, data] of sources) {
        const folder = mkdtempSync(join(tmpdir(), 'lisible-import-'));
        try {
          log(`${library} on ${name} data…`);
          const parameters = ['--library', library, '--data', data, '--rounds', String(isShort ? 100 : 500), '--probes', '10000', '--out', folder];
          const made = madeSchema.parse(JSON.parse(await runOracle(script, parameters, log)));
          const compared = compare(folder, library, made);
          versions.add(made.version);
          samples.push(compared.marginDifference / limits[library]);
          leavesApart += compared.leavesApart ?? 0;
          summedAlikeDifference = Math.max(summedAlikeDifference, compared.summedAlikeDifference);
          onnxDifference = Math.max(onnxDifference, compared.onnxDifference);
          const subject = `${library}, ${name}`;
          details[`${subject}: difference of margins`] = compared.marginDifference;
          details[`${subject}: distinct margins`] = compared.distinctMargins;
          details[`${subject}: splits on categories`] = compared.categorySplits;
          details[`${subject}: missing share of the rows`] = Math.round(made.missingShare * 1000) / 1000;
          details[`${subject}: milliseconds to read`] = Math.round(compared.readMs);
          log(`${subject}: margins differ by ${compared.marginDifference}`);
          if (compared.categorySplits === 0) throw new Error(`${subject}: the model has no split on categories`);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }
    }
    const value = Math.max(...samples);
    return {
      value,
      samples,
      rival: { name: 'limit', value: 1 },
      isMet: value <= 1 && leavesApart === 0 && summedAlikeDifference === 0 && onnxDifference === 0,
      details: {
        ...details,
        'rows led to another leaf than by XGBoost': leavesApart,
        'difference of margins where leaves are added as the library adds (XGBoost in float32)': summedAlikeDifference,
        'difference after ONNX and back': onnxDifference,
        versions: [...versions].join(', '),
      },
    };
  },
};
