import { spawn } from 'node:child_process';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { populationSnapshotSchema, snapshotFiles } from '@lisible/contracts';
import { homeCreditLender } from '@lisible/credit';
import { createFolder, drawRows, toCsv, writePopulation } from '../../testing/raw-tables.ts';
import type { Cells } from '../../testing/raw-tables.ts';
import { openDuckDb, quoteText } from '../duckdb.session.ts';
import { startTrainingProcess } from './run-training-process.ts';
import type { TrainingProgress } from './messages.ts';

/** Two credits known to the bureau for each client of `writePopulation`. */
const drawCredits = (numClients: number): Cells[] =>
  drawRows(numClients).flatMap(({ SK_ID_CURR: client = null }, row) =>
    [0, 1].map((position): Cells => {
      const known: Cells = { SK_ID_CURR: client, SK_ID_BUREAU: 2 * row + position + 1, DAYS_CREDIT: -100 - position, CREDIT_ACTIVE: 'Active' };
      return Object.fromEntries(bureauColumns.map((name) => [name, known[name] ?? null]));
    }),
  );
const bureauColumns = homeCreditLender.source.history!.tables.find(({ name }) => name === 'bureau')!.columns.map(({ name }) => name);

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

  it('killed while it computes the pasts, leaves nothing that passes for a snapshot; started again, it is whole', async () => {
    const withPasts = await writePopulation(1000, 10);
    const again = await createFolder();
    try {
      await writeFile(join(withPasts, 'bureau.csv'), toCsv(drawCredits(1010)));
      const seen: string[] = [];
      const training = startTrainingProcess({ ...task, dataDir: withPasts, workDir }, ({ message }) => {
        seen.push(message);
        if (message === 'computing histories from bureau') training.kill();
      });
      expect((await training.ended).outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining('SIGKILL') });
      expect(seen).toContain('computing histories from bureau');
      expect((await readdir(workDir, { recursive: true })).map((path) => basename(path))).not.toContain(snapshotFiles.snapshot);

      const { outcome } = await startTrainingProcess({ ...task, studies: 'none', dataDir: withPasts, workDir: again }, () => undefined).ended;
      expect(outcome.kind).toBe('trained');
      const file = (name: string): string => join(again, 'snapshot', name);
      // A bureau without its balances tells no months.
      expect(await readdir(join(again, 'snapshot'))).not.toContain(snapshotFiles.historyMonths);
      const { coverage, repairs } = populationSnapshotSchema.parse(JSON.parse(await readFile(file(snapshotFiles.snapshot), 'utf8')));
      expect([coverage, repairs]).toMatchObject([[{ table: 'bureau', rows: 2020, clients: 1010, isLearntFrom: true }], []]);
      const session = await openDuckDb(':memory:');
      const [pasts] = await session.rows(
        `select count(*) as clients, sum("bureauCreditsCount") as credits from read_parquet(${quoteText(file(snapshotFiles.history))})`,
      );
      session.close();
      expect(pasts).toEqual({ clients: 1010, credits: 2020 });
    } finally {
      for (const folder of [withPasts, again]) await rm(folder, { recursive: true });
    }
  }, 120_000);

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
