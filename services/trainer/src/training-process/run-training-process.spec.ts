import { spawn } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFolder, writePopulation } from '../../testing/raw-tables.ts';
import { startTrainingProcess } from './run-training-process.ts';
import type { TrainingProgress } from './messages.ts';

const task = { seed: 3, lender: 'home-credit', searchSeconds: null, studies: 'full' } as const;

describe('training process', () => {
  let dataDir: string;
  let workDir: string;
  beforeAll(async () => (dataDir = await writePopulation(1000, 10)));
  afterAll(() => rm(dataDir, { recursive: true }));
  beforeEach(async () => (workDir = await createFolder()));
  afterEach(() => rm(workDir, { recursive: true }));

  it('tells how far it is, never backwards, and ends with what it wrote', async () => {
    const seen: TrainingProgress[] = [];
    const { outcome } = await startTrainingProcess({ ...task, dataDir, workDir }, (progress) => seen.push(progress)).ended;
    expect(outcome.kind).toBe('trained');
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['reading', 'features', 'cross-validation', 'final-fit', 'studies', 'evidence']);
    const shares = seen.map(({ share }) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(await readdir(join(workDir, 'model'))).toEqual(expect.arrayContaining(['evidence.json', 'manifest.json', 'model.onnx']));
  }, 120_000);

  it('is a failed training and nothing else when it is killed', async () => {
    const training = startTrainingProcess({ ...task, dataDir, workDir }, ({ phase }) => {
      if (phase === 'cross-validation') training.kill();
    });
    expect((await training.ended).outcome).toEqual({ kind: 'failed', message: 'the training process was ended by SIGKILL' });
  }, 60_000);

  it('tells an end that was asked for, by us or at the terminal, from one that nobody wanted', async () => {
    const endBy = async (signal: NodeJS.Signals | null): Promise<boolean> => {
      const training = startTrainingProcess({ ...task, dataDir, workDir }, () => undefined);
      if (signal === null) training.kill();
      else process.kill(training.pid ?? Number.NaN, signal);
      return (await training.ended).isAskedFor;
    };
    expect(await Promise.all([null, 'SIGTERM' as const, 'SIGINT' as const, 'SIGKILL' as const].map(endBy))).toEqual([true, true, true, false]);
  }, 60_000);

  it('ends by itself once nobody listens', async () => {
    const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
    const child = spawn(process.execPath, ['--conditions=lisible-source', '--no-warnings', entry, JSON.stringify({ ...task, dataDir, workDir })], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(code).not.toBe(0);
    expect(await readdir(workDir)).not.toContain('model');
  }, 60_000);
});
