import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
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
const allowance = 0.001;
const rivalSchema = z.object({ aucs: z.array(z.number()).min(1), ours: z.number() });

export const aucHomeCredit: Figure = {
  name: 'auc-home-credit',
  title: 'out-of-fold ROC AUC on the Home Credit extract, protected attributes out, against LightGBM on the same features, folds and parameters',
  unit: '(ROC AUC, median of three seeds)',
  target: `no worse than LightGBM minus ${allowance}`,

  async measure({ isShort, log }) {
    if (!existsSync(dataDir)) throw new Error('../shared/data/home-credit is absent: this figure is measured on it');
    const home = mkdtempSync(join(tmpdir(), 'lisible-auc-'));
    const models = join(home, 'artefacts/models');
    const ours: number[] = [];
    const rivals: number[] = [];
    const seconds: number[] = [];
    try {
      const known = new Set<string>();
      for (const seed of isShort ? [1] : [1, 2, 3]) {
        log(`seed ${seed}: training…`);
        await promisify(execFile)(process.execPath, ['standalone/dist/train.js', '--data', dataDir, '--seed', String(seed)], {
          cwd: projectRoot,
          env: { ...process.env, LISIBLE_HOME: home, STUDIES: 'none' },
          maxBuffer: 64 * 2 ** 20,
        });
        const version = readdirSync(models).find((name) => !known.has(name));
        if (version === undefined) throw new Error(`training with seed ${seed} registered no new version`);
        known.add(version);
        const manifest = modelManifestSchema.parse(JSON.parse(readFileSync(join(models, version, modelFiles.manifest), 'utf8')));
        seconds.push(manifest.training.seconds);
        log(`seed ${seed}: ours ${manifest.metrics.rocAuc.value.toFixed(5)} in ${manifest.training.seconds.toFixed(0)} s; LightGBM…`);
        const output = await runOracle(
          join(projectRoot, 'services/trainer/golden/lightgbm_rival.py'),
          [join(models, version), join(home, 'artefacts/snapshots', manifest.snapshotId), '--seeds', String(seed)],
          log,
        );
        const rival = rivalSchema.parse(JSON.parse(output));
        // Both areas come from the same scorer over the uncalibrated order of each fold's margins.
        ours.push(rival.ours);
        rivals.push(...rival.aucs);
        log(`seed ${seed}: LightGBM ${rivals.at(-1)?.toFixed(5)}`);
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
    const value = median(ours);
    const rival = median(rivals);
    return {
      value,
      samples: ours,
      rival: { name: 'LightGBM 4.7.0', value: rival },
      isMet: value >= rival - allowance,
      details: {
        'difference to LightGBM': value - rival,
        'LightGBM per seed': rivals.map((auc) => auc.toFixed(5)).join(' '),
        'training s, median': median(seconds),
      },
    };
  },
};
