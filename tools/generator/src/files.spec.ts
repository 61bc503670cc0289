import { jest } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { generatePopulation, type PopulationRequest } from './index.ts';
import { progressLine } from './show-progress.ts';

// Threads and processes that start from sources are slow to come up on a busy machine.
jest.setTimeout(120_000);

let root: string;
let last = 0;
const folder = (): string => join(root, String(last++));
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lisible-generator-files-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const make = async (request: Partial<PopulationRequest>) => {
  const outDir = request.outDir ?? folder();
  const made = await generatePopulation({ seed: 7, labelled: 520, unlabelled: 20, workers: 0, ...request, outDir });
  const names = (await readdir(outDir)).toSorted();
  const contents = new Map<string, Buffer>();
  for (const name of names) contents.set(name, await readFile(join(outDir, name)));
  return { made, outDir, names, contents, shas: Object.fromEntries([...contents].map(([name, bytes]) => [name, sha(bytes)])) };
};

describe('a population', () => {
  it('is the same byte for byte however many threads draw it, and another for another seed', async () => {
    const alone = await make({ tables: 'all' });
    expect(alone.names).toEqual([
      'POS_CASH_balance.csv',
      'application_test.csv',
      'application_train.csv',
      'bureau.csv',
      'bureau_balance.csv',
      'credit_card_balance.csv',
      'dataset.json',
      'installments_payments.csv',
      'previous_application.csv',
    ]);
    expect((await make({ tables: 'all', workers: 1 })).shas).toEqual(alone.shas);
    expect((await make({ tables: 'all', workers: 3 })).shas).toEqual(alone.shas);
    const other = await make({ tables: 'all', seed: 8 });
    for (const name of alone.names) expect([name, other.shas[name] === alone.shas[name]]).toEqual([name, false]);
  });

  it('has the same applications and outcomes with a past and without', async () => {
    const [all, application] = [await make({ tables: 'all' }), await make({})];
    for (const name of ['application_train.csv', 'application_test.csv']) expect(all.shas[name]).toBe(application.shas[name]);
    expect(all.made.rocAucCeiling).toBe(application.made.rocAucCeiling);
    expect(application.names).toEqual(['application_test.csv', 'application_train.csv', 'dataset.json']);
  });

  it('packs into gzip files that hold the same text', async () => {
    const [plain, packed] = [await make({ tables: 'all' }), await make({ tables: 'all', format: 'csv.gz' })];
    for (const [name, bytes] of plain.contents) {
      if (name !== 'dataset.json') expect([name, sha(gunzipSync(packed.contents.get(`${name}.gz`) ?? Buffer.alloc(0)))]).toEqual([name, sha(bytes)]);
    }
    expect(packed.made.bytes).toBeLessThan(plain.made.bytes / 3);
  });

  it('counts its rows and bytes', async () => {
    const { made, contents } = await make({ tables: 'all' });
    for (const [table, rows] of Object.entries(made.rows)) {
      expect([table, contents.get(`${table}.csv`)?.toString().trimEnd().split('\n').length]).toEqual([table, rows + 1]);
    }
    const tables = [...contents].filter(([name]) => name !== 'dataset.json');
    expect(made.bytes).toBe(tables.reduce((sum, [, bytes]) => sum + bytes.length, 0));
  });
});

describe('a folder', () => {
  it.each([0, 2])('keeps what it held when a run with %i threads is interrupted', async (workers) => {
    const before = await make({});
    const controller = new AbortController();
    await expect(
      generatePopulation({
        seed: 9,
        labelled: 20_000,
        unlabelled: 0,
        outDir: before.outDir,
        tables: 'all',
        workers,
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      }),
    ).rejects.toThrow('enough');
    expect((await readdir(before.outDir)).toSorted()).toEqual(before.names);
    expect(sha(await readFile(join(before.outDir, 'application_train.csv')))).toBe(before.shas['application_train.csv']);
  });

  it('loses the tables of an earlier population that the new one does not have', async () => {
    const { outDir } = await make({ tables: 'all', format: 'csv.gz' });
    expect((await make({ outDir })).names).toEqual(['application_test.csv', 'application_train.csv', 'dataset.json']);
  });

  it('is left alone when it holds somebody’s own tables', async () => {
    const outDir = folder();
    await mkdir(outDir);
    await writeFile(join(outDir, 'bureau.parquet'), 'precious');
    await expect(make({ outDir })).rejects.toThrow('already holds bureau.parquet');
    expect(await readdir(outDir)).toEqual(['bureau.parquet']);
  });

  it('is as it was when a file cannot be written', async () => {
    const outDir = folder();
    await mkdir(join(outDir, 'application_test.csv.partial'), { recursive: true });
    await expect(make({ outDir })).rejects.toThrow('EISDIR');
    expect(await readdir(outDir)).toEqual(['application_test.csv.partial']);
  });
});

describe('the command', () => {
  const script = fileURLToPath(new URL('./main.ts', import.meta.url));
  const node = ['--conditions=lisible-source', '--no-warnings', script];
  const run = (args: readonly string[]): Promise<{ readonly code: unknown; readonly stderr: string; readonly stdout: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [...node, ...args], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
    });

  it('prints the ceiling and what it wrote', async () => {
    const { code, stdout } = await run(['--clients', '500', '--out', folder()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^500 labelled clients, \d+\.\d\d % defaulted, ROC AUC of the true probabilities 0\.\d{4}\n79 unlabelled clients\n/);
    expect(stdout).toMatch(/credit_card_balance\.csv \(\d+ rows\)\n\d+ rows, \d+\.\d MB\n$/);
  });

  it.each([
    [['--clients', 'many', '--out', 'x'], '--clients must be a whole number'],
    [['--clients', '10'], '--clients and --out are needed'],
    [['--clients', '10', '--out', 'x', '--tables', 'bureau'], '--tables must be all or application'],
    [['--clients', '10', '--out', 'x', '--format', 'parquet'], '--format must be csv or csv.gz'],
  ])('tells in one sentence what is wrong with %j', async (args, sentence) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr.split('\n').slice(0, 2)).toEqual([sentence, expect.stringContaining('npm run generate')]);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const outDir = folder();
    const child = spawn(process.execPath, [...node, '--clients', '200000', '--out', outDir], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = once(child, 'exit');
    while (!existsSync(join(outDir, 'bureau.csv.partial'))) await setTimeout(20);
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(1);
    expect(stderr).toContain('Interrupted: nothing was left in the folder.');
    expect(await readdir(outDir)).toEqual([]);
  });
});

describe('progress', () => {
  it('tells rows, share and the time left at the pace so far', () => {
    expect(progressLine({ written: 250, total: 1000, rows: 1_234_567 }, 10_000)).toBe('1,234,567 rows written, 25 %, about 30 s left');
    expect(progressLine({ written: 100, total: 1000, rows: 5 }, 60_000)).toBe('5 rows written, 10 %, about 9 min 0 s left');
    expect(progressLine({ written: 100, total: 200, rows: 5 }, 59_600)).toBe('5 rows written, 50 %, about 1 min 0 s left');
    expect(progressLine({ written: 0, total: 1000, rows: 0 }, 2_000)).toBe('0 rows written, 0 %');
  });
});
