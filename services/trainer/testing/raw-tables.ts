import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, homeCredit } from '@lisible/credit';

export type Cells = Record<string, string | number | boolean | null>;

export const createFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'lisible-trainer-spec-'));

/** Rows of application_train with a signal in two external scores and in the instalment; about one client in eight defaults. */
export const drawRows = (numRows: number, seed = 7): Cells[] => {
  const random = createRandom(seed);
  const oneOf = <T>(values: readonly T[]): T => values[random.integer(values.length)]!;
  const day = (from: number, days: number): string => new Date(Date.UTC(from, 0, 1) + random.integer(days) * 86_400_000).toISOString().slice(0, 10);
  return Array.from({ length: numRows }, (_, row) => {
    const risk = random.normal();
    const score = (noise: number): number | null => (random.uniform() < 0.2 ? null : 1 / (1 + Math.exp(risk + noise * random.normal())));
    const incomeAmount = 15_000 + random.integer(40) * 1000;
    const creditAmount = 2000 + random.integer(60) * 500;
    const cells = homeCredit.toRow({
      applicationId: String(100_001 + row),
      clientId: String(100_001 + row),
      submittedAt: '2026-01-06T10:00:00.000Z',
      currency: 'EUR',
      contractType: oneOf(['cash-loan', 'revolving-loan']),
      birthDate: day(1960, 12_000),
      incomeAmount,
      creditAmount,
      annuityAmount: Math.round(creditAmount * (0.05 + 0.1 * random.uniform())),
      externalScore1: score(0.8),
      externalScore2: score(0.5),
      externalScore3: score(1),
    });
    return { ...cells, [homeCredit.targetColumn]: random.uniform() < 1 / (1 + Math.exp(2.6 - 1.6 * risk)) ? 1 : 0 };
  });
};

const quote = (value: Cells[string] | undefined): string => {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const toCsv = (rows: readonly Cells[], columns: readonly string[] = Object.keys(rows[0] ?? {})): string =>
  [columns.map(quote).join(','), ...rows.map((row) => columns.map((column) => quote(row[column])).join(','))].map((line) => `${line}\n`).join('');

export const trainColumns = homeCredit.tables.application_train.map(({ name }) => name);
export const testColumns = homeCredit.tables.application_test.map(({ name }) => name);

/** A folder with `numLabelled` labelled and `numUnlabelled` unlabelled clients. */
export const writePopulation = async (numLabelled: number, numUnlabelled: number): Promise<string> => {
  const folder = await createFolder();
  const rows = drawRows(numLabelled + numUnlabelled);
  await writeFile(join(folder, 'application_train.csv'), toCsv(rows.slice(0, numLabelled), trainColumns));
  await writeFile(join(folder, 'application_test.csv'), toCsv(rows.slice(numLabelled), testColumns));
  return folder;
};
