import { scoreRawFolder } from '@lisible/trainer';
import { parseArgs } from 'node:util';
import { noteLackingTables, showLongProgress, withChampion } from './bulk-command.ts';
import { runCommand } from './one-sentence.ts';
import { StartError, fromWhereThePersonStands, readSettings } from './settings.ts';

const usage = 'npm run --silent score -- --data DIR --out FILE.csv';

const readOrder = (): { readonly dataDir: string; readonly outFile: string } => {
  let values: { readonly data?: string | undefined; readonly out?: string | undefined };
  try {
    ({ values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } } }));
  } catch {
    values = {};
  }
  const { data = '', out = '' } = values;
  if (data === '' || out === '') throw new StartError(`Say what to score and where to write: ${usage}`);
  return { dataDir: fromWhereThePersonStands(data), outFile: fromWhereThePersonStands(out) };
};

/** `npm run --silent score -- --data DIR --out FILE.csv`: probability, proposal and decision of every application of a raw folder. */
runCommand(async () => {
  const { home } = readSettings();
  const { dataDir, outFile } = readOrder();
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort(new StartError(`Stopped: ${outFile} is as it was.`)));
  const progress = showLongProgress('Scoring');
  try {
    const { rows } = await withChampion(home, dataDir, async ({ champion, policy }) => {
      await noteLackingTables(progress, champion, dataDir);
      return scoreRawFolder(champion, {
        dataDir,
        outFile,
        policy,
        onProgress: (share, message) => progress.report(share, message),
        signal: stopping.signal,
      });
    });
    progress.end(`${rows} applications written to ${outFile}`);
  } catch (error) {
    progress.end('stopped');
    throw error;
  }
});
