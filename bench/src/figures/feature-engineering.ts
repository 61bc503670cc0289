import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generatePopulation } from '@lisible/generator';
import { openDuckDbTables } from '@lisible/platform';
import { z } from 'zod';
import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';

const run = promisify(execFile);
const race = fileURLToPath(new URL('../history-race.ts', import.meta.url));
const raceSchema = z.object({ seconds: z.number(), peakResidentBytes: z.number(), cpuSeconds: z.number() });
type Run = z.infer<typeof raceSchema>;
const maxRatio = 1.3;
const maxGibibytes = 4;
const unlabelledShare = 0.1;

const runOnce = async (runner: 'ours' | 'by-hand', dataDir: string, outDir: string): Promise<Run> => {
  const { stdout } = await run(process.execPath, [race, runner, dataDir, outDir]);
  return raceSchema.parse(JSON.parse(stdout));
};

/** Rows that only one of the two files has. */
const countDifferences = async (one: string, other: string): Promise<number> => {
  const tables = await openDuckDbTables();
  try {
    const rows = (file: string): string => `select * from read_parquet('${file}')`;
    const [answer] = await tables.query(
      `select (select count(*) from (${rows(one)} except all ${rows(other)})) + (select count(*) from (${rows(other)} except all ${rows(one)})) as n`,
    );
    return Number(answer?.['n']);
  } finally {
    await tables.close();
  }
};

/** A population of the full size may stand ready in `FULL_DATA_DIR`; otherwise it is generated, which takes minutes. */
const readyData = (): string | null => {
  const folder = process.env['FULL_DATA_DIR'];
  return folder !== undefined && existsSync(join(folder, 'bureau.csv')) ? folder : null;
};

export const featureEngineering: Figure = {
  name: 'feature-engineering',
  title: 'history tables to one row a client, typed, checked, counted and covered, against the same SQL straight from the files',
  unit: 'times the wall time',
  target: `at most ${maxRatio} times, under ${maxGibibytes} GiB (peak RSS of the process), 2 threads each`,

  async measure({ isShort, log }) {
    const folder = mkdtempSync(join(tmpdir(), 'lisible-features-'));
    try {
      const ready = isShort ? null : readyData();
      const clients = isShort ? 30_000 : 300_000;
      const dataDir = ready ?? join(folder, 'raw');
      if (ready === null) {
        log(`generating ${clients} clients…`);
        const unlabelled = Math.round(clients * unlabelledShare);
        await generatePopulation({ seed: 42, labelled: clients - unlabelled, unlabelled, outDir: dataDir, tables: 'all' });
      }
      const out = { ours: join(folder, 'ours'), byHand: join(folder, 'by-hand') };
      const ours: Run[] = [];
      const byHand: Run[] = [];
      // In turns, so that a noisy machine is noisy to both.
      for (let round = 0; round < (isShort ? 3 : 2); round += 1) {
        byHand.push(await runOnce('by-hand', dataDir, out.byHand));
        ours.push(await runOnce('ours', dataDir, out.ours));
        log(`round ${round + 1}: ours ${ours.at(-1)?.seconds.toFixed(1)} s, by hand ${byHand.at(-1)?.seconds.toFixed(1)} s`);
      }
      const differences = await countDifferences(join(out.ours, 'history.parquet'), join(out.byHand, 'history.parquet'));
      if (differences > 0) throw new Error(`${differences} rows differ between the two results`);
      const secondsOf = (runs: readonly Run[]): number => median(runs.map(({ seconds }) => seconds));
      const ratio = secondsOf(ours) / secondsOf(byHand);
      const gibibytes = Math.max(...ours.map(({ peakResidentBytes }) => peakResidentBytes)) / 2 ** 30;
      return {
        value: ratio,
        samples: ours.map(({ seconds }, round) => seconds / (byHand[round]?.seconds ?? Number.NaN)),
        rival: { name: 'the same SQL by hand, s', value: secondsOf(byHand) },
        isMet: ratio <= maxRatio && gibibytes < maxGibibytes,
        details: {
          'ours, s': secondsOf(ours),
          'peak RSS GiB': gibibytes,
          'peak RSS by hand GiB': Math.max(...byHand.map(({ peakResidentBytes }) => peakResidentBytes)) / 2 ** 30,
          'CPU seconds, ours': median(ours.map(({ cpuSeconds }) => cpuSeconds)),
          'CPU seconds, by hand': median(byHand.map(({ cpuSeconds }) => cpuSeconds)),
          'rows that differ': differences,
          clients,
        },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
