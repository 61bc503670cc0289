import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelEvidenceSchema, modelFiles, modelManifestSchema } from '@lisible/contracts';
import type { ModelEvidence, ModelManifest } from '@lisible/contracts';
import { residentBytesOfTree } from './process-tree.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const dataDir = join(projectRoot, '../shared/data/home-credit');
const sampleEveryMs = 250;

export interface TrainingRun {
  /** Wall clock of the whole command. */
  readonly seconds: number;
  /** Of the command and all that it started, at its highest. */
  readonly peakResidentBytes: number;
  readonly manifest: ModelManifest;
  readonly evidence: ModelEvidence;
}

/** A whole training on the Home Credit extract, as `npm run train` runs it: no search, evidence included; its state is thrown away. */
export const trainOnExtract = async (seed: number, log: (line: string) => void): Promise<TrainingRun> => {
  if (!existsSync(dataDir)) throw new Error('../shared/data/home-credit is absent: this figure is measured on it');
  const home = mkdtempSync(join(tmpdir(), 'lisible-train-'));
  try {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['standalone/dist/train.js', '--data', dataDir, '--seed', String(seed)], {
      cwd: projectRoot,
      env: { ...process.env, LISIBLE_HOME: home, STUDIES: 'full' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    let peakResidentBytes = 0;
    const sampling = setInterval(() => (peakResidentBytes = Math.max(peakResidentBytes, residentBytesOfTree(child.pid ?? 0))), sampleEveryMs);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    clearInterval(sampling);
    const seconds = (performance.now() - startedAt) / 1000;
    if (code !== 0) throw new Error(`the training ended with code ${String(code)}`);
    const models = join(home, 'artefacts/models');
    const [version] = readdirSync(models);
    if (version === undefined) throw new Error('the training registered no version');
    const read = (name: string): unknown => JSON.parse(readFileSync(join(models, version, name), 'utf8'));
    const run = { manifest: modelManifestSchema.parse(read(modelFiles.manifest)), evidence: modelEvidenceSchema.parse(read(modelFiles.evidence)) };
    log(
      `seed ${seed}: ROC AUC ${run.manifest.metrics.rocAuc.value.toFixed(5)} in ${seconds.toFixed(0)} s, ${(peakResidentBytes / 2 ** 20).toFixed(0)} MiB`,
    );
    return { seconds, peakResidentBytes, ...run };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};
