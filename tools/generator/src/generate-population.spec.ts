import { homeCredit } from '@lisible/credit';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { applicationColumns, contactColumns } from './columns.ts';
import { generatePopulation, type GeneratedPopulation, type GenerationProgress } from './index.ts';

const parseLine = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '');

const readTable = async (path: string) => {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const columns = parseLine(header);
  const rows = lines.map(parseLine);
  const column = (name: string): string[] => rows.map((row) => row[columns.indexOf(name)] ?? 'NO SUCH COLUMN');
  return { columns, rows, column, sha: createHash('sha256').update(text).digest('hex') };
};

const share = (values: readonly string[], isMet: (value: string) => boolean): number => values.filter(isMet).length / values.length;
const median = (values: readonly string[]): number => {
  const sorted = values
    .filter((value) => value !== '')
    .map(Number)
    .sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

let outDir: string;
let population: GeneratedPopulation;
let train: Awaited<ReturnType<typeof readTable>>;
let test: Awaited<ReturnType<typeof readTable>>;
const reports: GenerationProgress[] = [];

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'lisible-generator-'));
  population = await generatePopulation({
    seed: 42,
    labelled: 10_000,
    unlabelled: 300,
    outDir: join(outDir, 'made', 'here'),
    onProgress: (progress) => reports.push(progress),
  });
  train = await readTable(population.files[0] ?? '');
  test = await readTable(population.files[1] ?? '');
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

describe('schema', () => {
  it('is Home Credit’s 122 and 121 columns, then what a lender has besides', () => {
    expect(applicationColumns).toHaveLength(121);
    expect(new Set(applicationColumns).size).toBe(121);
    expect(train.columns).toEqual(['SK_ID_CURR', 'TARGET', ...applicationColumns.slice(1), ...contactColumns]);
    expect(test.columns).toEqual([...applicationColumns, ...contactColumns]);
  });

  it('is what the Home Credit room expects, and its rows are accepted as they are', () => {
    expect(homeCredit.checkColumns('application_train', train.columns)).toEqual([]);
    expect(homeCredit.checkColumns('application_test', test.columns)).toEqual([]);
    const problems = test.rows.slice(0, 200).flatMap((cells, index) => {
      const row = Object.fromEntries(cells.map((cell, position) => [test.columns[position] ?? '', cell === '' ? null : cell]));
      return homeCredit.checkRow('application_test', row, index + 1);
    });
    expect(problems).toEqual([]);
  });

  it('every row is whole and every client another', () => {
    expect(train.rows).toHaveLength(10_000);
    expect(test.rows).toHaveLength(300);
    for (const { rows, columns } of [train, test]) expect(rows.every((row) => row.length === columns.length)).toBe(true);
    expect(new Set([...train.column('SK_ID_CURR'), ...test.column('SK_ID_CURR')]).size).toBe(10_300);
  });

  it('numbers are numbers, and finite', () => {
    const words = new Set([
      'NAME',
      'CODE',
      'OCCUPATION',
      'WEEKDAY',
      'ORGANIZATION',
      'FONDKAPREMONT',
      'HOUSETYPE',
      'WALLSMATERIAL',
      'EMERGENCYSTATE',
      'FIRST',
      'LAST',
      'ADDRESS',
      'CITY',
      'BRANCH',
      'APPLICATION',
    ]);
    for (const name of train.columns) {
      if (words.has(name.split('_')[0] ?? '') || name.startsWith('FLAG_OWN')) continue;
      expect([name, train.column(name).every((cell) => cell === '' || Number.isFinite(Number(cell)))]).toEqual([name, true]);
    }
  });
});

const realFolder = new URL('../../../../shared/data/home-credit/', import.meta.url);
const isRealDataThere = existsSync(realFolder);
if (!isRealDataThere) console.warn('SKIPPED: ../shared/data/home-credit is absent, the schema was not compared with the real tables');

(isRealDataThere ? describe : describe.skip)('beside the real tables', () => {
  const realHeader = (file: string): string[] =>
    gunzipSync(readFileSync(new URL(file, realFolder)))
      .toString('utf8', 0, 5000)
      .split(/\r?\n/)[0]
      ?.split(',') ?? [];

  it('the columns are the same, in the same order', () => {
    expect(train.columns.slice(0, -contactColumns.length)).toEqual(realHeader('application_train.csv.gz'));
    expect(test.columns.slice(0, -contactColumns.length)).toEqual(realHeader('application_test.csv.gz'));
  });
});

describe('population', () => {
  it('defaults near 8 %, with a ceiling near 0.84', () => {
    expect(population.defaultRate).toBeCloseTo(
      share(train.column('TARGET'), (outcome) => outcome === '1'),
      12,
    );
    expect(population.defaultRate).toBeGreaterThan(0.07);
    expect(population.defaultRate).toBeLessThan(0.09);
    expect(population.rocAucCeiling).toBeGreaterThan(0.82);
    expect(population.rocAucCeiling).toBeLessThan(0.86);
  });

  it('has the real table’s middles', () => {
    expect(-median(train.column('DAYS_BIRTH')) / 365.25).toBeCloseTo(43, -0.5);
    expect(median(train.column('AMT_INCOME_TOTAL'))).toBeGreaterThan(130_000);
    expect(median(train.column('AMT_INCOME_TOTAL'))).toBeLessThan(165_000);
    expect(median(train.column('AMT_CREDIT'))).toBeGreaterThan(430_000);
    expect(median(train.column('AMT_CREDIT'))).toBeLessThan(600_000);
    expect(median(train.column('EXT_SOURCE_2'))).toBeCloseTo(0.566, 1);
    expect(share(train.column('CODE_GENDER'), (sex) => sex === 'F')).toBeCloseTo(0.658, 1);
  });

  it('misses what the real table misses', () => {
    const missing = (name: string): number => share(train.column(name), (cell) => cell === '');
    for (const [name, expected] of [
      ['EXT_SOURCE_1', 0.57],
      ['EXT_SOURCE_2', 0.002],
      ['EXT_SOURCE_3', 0.2],
      ['OWN_CAR_AGE', 0.66],
      ['OCCUPATION_TYPE', 0.31],
      ['APARTMENTS_AVG', 0.505],
      ['YEARS_BUILD_AVG', 0.66],
      ['AMT_REQ_CREDIT_BUREAU_YEAR', 0.136],
      ['AMT_CREDIT', 0],
    ] as const) {
      expect([name, Math.abs(missing(name) - expected) < 0.03]).toEqual([name, true]);
    }
  });

  it('keeps the real table’s traps', () => {
    const employed = train.column('DAYS_EMPLOYED');
    const organization = train.column('ORGANIZATION_TYPE');
    expect(share(employed, (days) => days === '365243')).toBeCloseTo(0.18, 1);
    expect(employed.every((days, row) => (days === '365243') === (organization[row] === 'XNA'))).toBe(true);
    expect(train.column('CODE_GENDER')).toContain('XNA');
    expect(train.column('WALLSMATERIAL_MODE')).toContain('Stone, brick');
  });

  it('is consistent within a client', () => {
    const birth = train.column('DAYS_BIRTH').map(Number);
    expect(train.column('DAYS_EMPLOYED').every((days, row) => days === '365243' || (Number(days) <= 0 && Number(days) > (birth[row] ?? 0)))).toBe(
      true,
    );
    const children = train.column('CNT_CHILDREN').map(Number);
    expect(train.column('CNT_FAM_MEMBERS').every((members, row) => [1, 2].includes(Number(members) - (children[row] ?? 0)))).toBe(true);
    const ownsCar = train.column('FLAG_OWN_CAR');
    expect(train.column('OWN_CAR_AGE').every((age, row) => (age !== '') === (ownsCar[row] === 'Y'))).toBe(true);
  });

  it('is fit for work: adults, positive amounts', () => {
    expect(Math.max(...train.column('DAYS_BIRTH').map(Number))).toBeLessThan(-18 * 365.25);
    for (const name of ['AMT_CREDIT', 'AMT_INCOME_TOTAL']) expect(Math.min(...train.column(name).map(Number))).toBeGreaterThan(0);
  });
});

describe('files', () => {
  it('are the same byte for byte for the same seed, and others for another', async () => {
    const make = async (seed: number, folder: string) => {
      const made = await generatePopulation({ seed, labelled: 200, unlabelled: 20, outDir: join(outDir, folder) });
      return Promise.all(made.files.map(async (file) => (await readTable(file)).sha));
    };
    const first = await make(7, 'a');
    expect(await make(7, 'b')).toEqual(first);
    expect(await make(8, 'c')).not.toEqual(first);
  });

  it('report progress up to the end', () => {
    expect(reports.at(-1)).toEqual({ written: 10_300, total: 10_300, rows: 10_300 });
    expect(reports.map(({ written }) => written)).toEqual(reports.map(({ written }) => written).toSorted((a, b) => a - b));
  });

  it('bear their name only when whole', async () => {
    expect((await readdir(join(outDir, 'made', 'here'))).sort()).toEqual(['application_test.csv', 'application_train.csv', 'dataset.json']);
    await writeFile(join(outDir, 'in-the-way'), '');
    await expect(generatePopulation({ seed: 1, labelled: 1, unlabelled: 0, outDir: join(outDir, 'in-the-way') })).rejects.toThrow(/EEXIST|ENOTDIR/);
  });

  it('are refused for impossible numbers', async () => {
    await expect(generatePopulation({ seed: 1, labelled: -1, unlabelled: 0, outDir })).rejects.toThrow(RangeError);
    await expect(generatePopulation({ seed: 1, labelled: 1.5, unlabelled: 0, outDir })).rejects.toThrow(RangeError);
  });

  it('of no client hold a header only', async () => {
    const made = await generatePopulation({ seed: 1, labelled: 0, unlabelled: 0, outDir: join(outDir, 'empty') });
    expect(made).toMatchObject({ defaultRate: 0, rocAucCeiling: null });
    expect((await readTable(made.files[0] ?? '')).rows).toHaveLength(0);
  });
});
