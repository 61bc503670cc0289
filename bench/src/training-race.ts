import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { runOracle } from './oracle.ts';
import { writeRaceData, type RaceSize } from './training-race-data.ts';

const run = promisify(execFile);
const child = fileURLToPath(new URL('./training-race.child.ts', import.meta.url));
const rivalScript = fileURLToPath(new URL('../oracles/training_race_rival.py', import.meta.url));
const allowance = 0.002;
const numWorkers = 2;
const numRounds = 100;

export const racers = ['ours', 'lightgbm', 'xgboost'] as const;
export type Racer = (typeof racers)[number];

const lapSchema = z.object({ seconds: z.number(), peakBytes: z.number(), rocAuc: z.number(), version: z.string() });
export type Lap = z.infer<typeof lapSchema>;

export interface Race {
  readonly laps: Readonly<Record<Racer, readonly Lap[]>>;
  readonly details: Readonly<Record<string, number | string>>;
}

/**
 * Trains 100 trees of 31 leaves on the same file with two threads each, in turn, each time in a process of its own that starts cold.
 * Throws where our held-out ROC AUC is more than 0.002 below a rival's: then no time or memory would mean anything.
 */
export async function race(entrants: readonly Racer[], isShort: boolean, log: (line: string) => void): Promise<Race> {
  const size: RaceSize = isShort
    ? { numRows: 100_000, numHeldOut: 20_000, numFeatures: 100 }
    : { numRows: 300_000, numHeldOut: 40_000, numFeatures: 200 };
  const numLaps = isShort ? 2 : 5;
  const folder = mkdtempSync(join(tmpdir(), 'lisible-race-'));
  const laps: Record<Racer, Lap[]> = { ours: [], lightgbm: [], xgboost: [] };
  const loads: number[] = [];
  try {
    log(`writing ${size.numRows} × ${size.numFeatures}…`);
    writeRaceData(folder, size);
    const parameters = [folder, size.numRows, size.numHeldOut, size.numFeatures, numRounds, numWorkers].map(String);
    for (let lap = 0; lap < numLaps; lap++) {
      loads.push(loadavg()[0] ?? 0);
      for (const racer of entrants) laps[racer].push(lapSchema.parse(JSON.parse(await runLap(racer, parameters, log))));
      log(`lap ${lap + 1} of ${numLaps} is done`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const aucOf = (racer: Racer): number => laps[racer][0]?.rocAuc ?? Number.NaN;
  for (const rival of entrants.filter((racer) => racer !== 'ours')) {
    if (!(aucOf('ours') > aucOf(rival) - allowance)) throw new Error(`ROC AUC ${aucOf('ours')} is worse than ${rival}’s ${aucOf(rival)}`);
  }
  const versionOf = (racer: Racer): string => laps[racer][0]?.version ?? '';
  return {
    laps,
    details: {
      rows: size.numRows,
      features: size.numFeatures,
      trees: numRounds,
      threads: numWorkers,
      ...Object.fromEntries(entrants.map((racer) => [`ROC AUC of ${racer}`, aucOf(racer)])),
      ...Object.fromEntries(entrants.map((racer) => [`version of ${racer === 'ours' ? 'node' : racer}`, versionOf(racer)])),
      'load before each lap': loads.map((load) => load.toFixed(2)).join(', '),
    },
  };
}

async function runLap(racer: Racer, parameters: readonly string[], log: (line: string) => void): Promise<string> {
  if (racer !== 'ours') return runOracle(rivalScript, [racer, ...parameters], log);
  const { stdout } = await run(process.execPath, [...process.execArgv, child, ...parameters]);
  return stdout;
}

/** `min–max` of a quantity over the laps. */
export const spread = (values: readonly number[]): string => `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
