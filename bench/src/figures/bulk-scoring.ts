import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatePopulation } from '@lisible/generator';
import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';
import { residentBytesOfTree } from '../process-tree.ts';

const limitPerSecond = 10_000;
const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const extract = join(projectRoot, '../shared/data/home-credit');
const sampleEveryMs = 250;

interface CommandRun {
  readonly seconds: number;
  readonly peakResidentBytes: number;
}

/** One command of the project, from its start to its end, as a person runs it on a state folder of its own. */
const runCommand = async (home: string, script: string, parameters: readonly string[]): Promise<CommandRun> => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join('standalone/dist', script), ...parameters], {
    cwd: projectRoot,
    env: { ...process.env, LISIBLE_HOME: home, STUDIES: 'none' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  let peakResidentBytes = 0;
  const sampling = setInterval(() => (peakResidentBytes = Math.max(peakResidentBytes, residentBytesOfTree(child.pid ?? 0))), sampleEveryMs);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(sampling);
  if (code !== 0) throw new Error(`${script} ended with code ${String(code)}: ${said}`);
  return { seconds: (performance.now() - startedAt) / 1000, peakResidentBytes };
};

/** Lines of the written file after its header. */
const countScored = (path: string): number => readFileSync(path, 'utf8').trimEnd().split('\n').length - 1;

export const bulkScoring: Figure = {
  name: 'bulk-scoring',
  title: 'features, scores and decisions of a folder by `npm run score`: rows per second of the command, less what it takes for two rows',
  unit: 'applications/s',
  target: `at least ${limitPerSecond} applications a second on 2 cores`,

  async measure({ isShort, log }) {
    const folder = mkdtempSync(join(tmpdir(), 'lisible-bulk-'));
    const [home, generated, two] = [join(folder, 'home'), join(folder, 'generated'), join(folder, 'two')];
    try {
      const isReal = existsSync(extract);
      if (!isReal) await generatePopulation({ seed: 42, labelled: isShort ? 20_000 : 100_000, unlabelled: 0, outDir: generated });
      await generatePopulation({ seed: 42, labelled: 1, unlabelled: 1, outDir: two });
      const dataDir = isReal ? extract : generated;
      log(`training on ${isReal ? 'the Home Credit extract' : 'a synthetic population'}…`);
      await runCommand(home, 'train.js', ['--data', dataDir, '--seed', '42']);
      const out = join(folder, 'scored.csv');
      const score = (data: string): Promise<CommandRun> => runCommand(home, 'score.js', ['--data', data, '--out', out]);
      // Once for the file cache.
      await score(two);
      const runs: CommandRun[] = [];
      const starts: number[] = [];
      let rows = 0;
      for (let repetition = 0; repetition < (isShort ? 3 : 7); repetition += 1) {
        // Turn by turn, so that a busy moment of the machine touches both.
        starts.push((await score(two)).seconds);
        runs.push(await score(dataDir));
        rows = countScored(out);
        log(`${rows} rows in ${(runs.at(-1)?.seconds ?? 0).toFixed(2)} s, two rows in ${(starts.at(-1) ?? 0).toFixed(2)} s`);
      }
      const start = median(starts);
      const samples = runs.map(({ seconds }) => rows / (seconds - start));
      const whole = median(runs.map(({ seconds }) => seconds));
      return {
        value: median(samples),
        samples,
        rival: { name: 'limit', value: limitPerSecond },
        isMet: median(samples) >= limitPerSecond,
        details: {
          data: isReal ? 'Home Credit extract' : 'synthetic population',
          rows,
          'whole command, s': whole,
          'whole command, applications/s': rows / whole,
          'command for two rows, s': start,
          'peak RSS MiB': Math.max(...runs.map(({ peakResidentBytes }) => peakResidentBytes)) / 2 ** 20,
        },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
