import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLightGbm, readXgBoost, type TreeEnsemble } from '@lisible/tree-ensemble';
import { z } from 'zod';
import { installApart, runOracle } from './oracle.ts';

const script = fileURLToPath(new URL('../oracles/shap_rival.py', import.meta.url));
/** The first versions whose contributions are computed by quadrature ask for a newer Python than they need. */
const quadratureXgBoost = 'xgboost-cpu==3.4.1';

const reportSchema = z.object({ milliseconds: z.record(z.string(), z.array(z.number())), versions: z.record(z.string(), z.string()) });
const madeSchema = z.object({ numRows: z.number(), numFeatures: z.number(), numTrees: z.number() });

/** Rows that were explained one a call: milliseconds of each call, and its values, rows × (features + base). */
export interface RivalRun {
  readonly milliseconds: readonly number[];
  readonly values: Float64Array;
}

/** The same models as the rivals hold, and rows that they never saw. */
export interface ShapModels {
  readonly numTrees: number;
  readonly numFeatures: number;
  readonly xgBoost: TreeEnsemble;
  readonly lightGbm: TreeEnsemble;
  readonly row: (index: number) => Float32Array;
  /** LightGBM, XGBoost, XGBoost by quadrature and shap (over LightGBM's model), one thread. */
  explainByRivals(first: number, count: number): Promise<Readonly<Record<RivalName, RivalRun>>>;
  /** shap's interaction values of LightGBM's model, rows × features × features, and milliseconds a row. */
  interactByShap(first: number, count: number): Promise<RivalRun>;
  /** What was measured, by name; filled by the runs. */
  readonly versions: ReadonlySet<string>;
}

export const rivalNames = ['xgboost', 'xgboost by quadrature', 'lightgbm', 'shap'] as const;
export type RivalName = (typeof rivalNames)[number];

/** Trains the rivals' models in a folder that lives as long as `use` runs. */
export async function withShapModels<Result>(
  numTrees: number,
  log: (line: string) => void,
  use: (models: ShapModels) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'lisible-shap-'));
  try {
    return await use(await makeModels(folder, numTrees, log));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeModels(folder: string, numTrees: number, log: (line: string) => void): Promise<ShapModels> {
  log(`LightGBM and XGBoost learn ${numTrees} trees…`);
  const made = madeSchema.parse(JSON.parse(await runOracle(script, ['make', '--out', folder, '--trees', String(numTrees)], log)));
  const newer = await installApart(quadratureXgBoost, log);
  const versions = new Set<string>();
  const bytesOf = (name: string): ArrayBuffer => Uint8Array.from(readFileSync(join(folder, name))).buffer;
  const rows = new Float32Array(bytesOf('rows.f32'));
  const { numFeatures } = made;

  const explain = async (first: number, count: number, more: readonly string[]): Promise<(name: string) => RivalRun> => {
    const parameters = ['explain', '--out', folder, '--first', String(first), '--count', String(count), ...more];
    const report = reportSchema.parse(JSON.parse(await runOracle(script, parameters, log)));
    for (const [name, version] of Object.entries(report.versions)) versions.add(`${name} ${version}`);
    return (name) => {
      const milliseconds = report.milliseconds[name];
      if (milliseconds === undefined) throw new Error(`${name} was not measured`);
      return { milliseconds, values: new Float64Array(bytesOf(`${name}.f64`)) };
    };
  };

  return {
    numTrees: made.numTrees,
    numFeatures,
    xgBoost: readXgBoost(readFileSync(join(folder, 'model.json'), 'utf8')),
    lightGbm: readLightGbm(readFileSync(join(folder, 'model.txt'), 'utf8')),
    versions,
    row: (index) => rows.subarray(index * numFeatures, (index + 1) * numFeatures),
    async explainByRivals(first, count) {
      const newest = (await explain(first, count, ['--only', 'xgboost', '--xgboost', newer]))('xgboost');
      const others = await explain(first, count, []);
      return { 'xgboost by quadrature': newest, xgboost: others('xgboost'), lightgbm: others('lightgbm'), shap: others('shap') };
    },
    async interactByShap(first, count) {
      return (await explain(first, count, ['--interactions', String(count)]))('interactions');
    },
  };
}

/** Greatest difference of our values and base from those of rows that a rival explained. */
export function farthest(ours: readonly { readonly baseValue: number; readonly shapValues: Float64Array }[], theirs: Float64Array): number {
  const flat = ours.flatMap(({ baseValue, shapValues }) => [...shapValues, baseValue]);
  if (flat.length !== theirs.length) throw new Error(`${flat.length} values cannot be compared with ${theirs.length}`);
  return flat.reduce((most, value, place) => {
    const distance = Math.abs(value - (theirs[place] ?? Number.NaN));
    return Number.isNaN(distance) ? Infinity : Math.max(most, distance);
  }, 0);
}
