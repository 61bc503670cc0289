import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { modelFiles, modelManifestSchema } from '@lisible/contracts';
import { z } from 'zod';
import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';
import { runOracle } from '../oracle.ts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const dataDir = join(projectRoot, '../shared/data/home-credit');
const table = 'application_train.csv.gz';
const leastGain = 0.001;
/** Above this area, on this data, somebody has seen an outcome. */
const areaOfALeak = 0.82;
/** Two-sided, of a normal distribution. */
const QUANTILE_95 = 1.96;

const oracleSchema = z.object({
  gain: z.number(),
  gains: z.array(z.number()).min(1),
  standardErrors: z.array(z.number()).min(1),
  ours: z.array(z.number()).min(1),
  rival: z.array(z.number()).min(1),
  oursSetting: z.string(),
  rivalSetting: z.string(),
  engine: z.number(),
  numFeatures: z.number(),
  numRivalColumns: z.number(),
  versions: z.record(z.string(), z.string()),
});

const listed = (values: readonly number[]): string => values.map((value) => value.toFixed(5)).join(' ');

export const aucFeatures: Figure = {
  name: 'auc-features',
  title:
    'out-of-fold ROC AUC gain of LightGBM on our application features over LightGBM on the raw columns plus ten usual ratios, same folds, protected attributes out in both',
  unit: '(ROC AUC, median of five seeds)',
  target: `at least +${leastGain}, aim +0.003`,

  async measure({ isShort, log }) {
    if (!existsSync(join(dataDir, table))) throw new Error('../shared/data/home-credit is absent: this figure is measured on it');
    const home = mkdtempSync(join(tmpdir(), 'lisible-features-'));
    const applications = join(home, 'data');
    const models = join(home, 'state/artefacts/models');
    try {
      // The application table alone: nothing of a client's past on either side.
      mkdirSync(applications);
      symlinkSync(join(dataDir, table), join(applications, table));
      log('training on the application table…');
      await promisify(execFile)(process.execPath, ['standalone/dist/train.js', '--data', applications, '--seed', '1'], {
        cwd: projectRoot,
        env: { ...process.env, LISIBLE_HOME: join(home, 'state'), STUDIES: 'none' },
        maxBuffer: 64 * 2 ** 20,
      });
      const [version] = readdirSync(models);
      if (version === undefined) throw new Error('training registered no version');
      const manifest = modelManifestSchema.parse(JSON.parse(readFileSync(join(models, version, modelFiles.manifest), 'utf8')));
      log(`our engine: ${manifest.metrics.rocAuc.value.toFixed(5)} on ${manifest.featureNames.length} features; LightGBM…`);
      const output = await runOracle(
        join(projectRoot, 'services/trainer/golden/raw_columns_rival.py'),
        [
          join(models, version),
          join(home, 'state/artefacts/snapshots', manifest.snapshotId),
          applications,
          '--seeds',
          ...(isShort ? ['1', '--quick'] : ['1,2,3,4,5']),
        ],
        log,
      );
      const result = oracleSchema.parse(JSON.parse(output));
      const standardError = median(result.standardErrors);
      return {
        value: result.gain,
        samples: result.gains,
        rival: { name: `LightGBM ${result.versions['lightgbm']} on raw columns plus ten ratios (its AUC)`, value: median(result.rival) },
        isMet: result.gain >= leastGain && Math.max(...result.ours, ...result.rival) < areaOfALeak,
        details: {
          'AUC on our features, median': median(result.ours),
          'AUC on our features, per seed': listed(result.ours),
          'AUC of the rival, per seed': listed(result.rival),
          'standard error of a gain (paired DeLong), median': standardError,
          '95% interval of the gain': `${(result.gain - QUANTILE_95 * standardError).toFixed(5)} to ${(result.gain + QUANTILE_95 * standardError).toFixed(5)}`,
          'AUC of our own engine, seed 1': result.engine,
          features: result.numFeatures,
          'columns of the rival': result.numRivalColumns,
          'best setting on our features': result.oursSetting,
          'best setting of the rival': result.rivalSetting,
        },
      };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};
