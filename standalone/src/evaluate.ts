import { NothingToEvaluateError, evaluateChampion } from '@lisible/trainer';
import { parseArgs } from 'node:util';
import { noteLackingTables, showLongProgress, withChampion } from './bulk-command.ts';
import { runCommand } from './one-sentence.ts';
import { StartError, fromWhereThePersonStands, readSettings } from './settings.ts';

const usage = 'npm run --silent evaluate -- --data DIR';

const readDataDir = (): string => {
  let data: string | undefined;
  try {
    ({ data } = parseArgs({ options: { data: { type: 'string' } } }).values);
  } catch {
    data = undefined;
  }
  if (data === undefined || data === '') throw new StartError(`Say what to evaluate on: ${usage}`);
  return fromWhereThePersonStands(data);
};

/** Nothing to judge by is no failure of the command: its own exit code tells a script so. */
const nothingToEvaluateExitCode = 2;

/** `npm run --silent evaluate -- --data DIR`: prints the champion's quality on labelled rows it never saw, one JSON object and nothing else. */
runCommand(async () => {
  const startedAt = performance.now();
  const { home } = readSettings();
  const dataDir = readDataDir();
  const progress = showLongProgress('Evaluation');
  try {
    const answer = await withChampion(home, dataDir, async ({ champion, policy }) => {
      await noteLackingTables(progress, champion, dataDir);
      const quality = await evaluateChampion(champion, { dataDir, policy, onProgress: (share, message) => progress.report(share, message) });
      return { ...quality, seconds: (performance.now() - startedAt) / 1000, modelVersion: champion.manifest.modelVersion };
    });
    progress.end(`${answer.rows} applications in ${answer.seconds.toFixed(1)} s`);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } catch (error) {
    progress.end('stopped');
    if (!(error instanceof NothingToEvaluateError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = nothingToEvaluateExitCode;
  }
});
