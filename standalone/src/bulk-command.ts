import type { Policy } from '@lisible/contracts';
import { openFolderArtefacts } from '@lisible/platform';
import { ChampionError, NothingToScoreError, OutputFileError, RawDataError, listLackingTables, openChampion } from '@lisible/trainer';
import type { ServedChampion } from '@lisible/trainer';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readPolicyInForce } from './policy-in-force.ts';
import { showProgress } from './progress.ts';
import type { Progress, ProgressOutput } from './progress.ts';
import { StartError } from './settings.ts';
import { listProblems, theseProblems } from './training-failure.ts';

export interface BulkParts {
  readonly champion: ServedChampion;
  readonly policy: Policy;
}

/**
 * Opens the model and the policy in force of a state folder for a command that uses them in bulk. A platform that runs on the
 * folder is asked one question and otherwise not touched: the model's files are only read.
 * @throws StartError for whatever a person can mend: no model, faulty tables, an output that cannot be written
 */
export const withChampion = async <T>(home: string, dataDir: string, work: (parts: BulkParts) => Promise<T>): Promise<T> => {
  try {
    const folder = join(home, 'artefacts');
    if (!existsSync(folder)) throw new ChampionError('no-model', noModel(home));
    const champion = await openChampion(await openFolderArtefacts(folder));
    try {
      return await work({ champion, policy: (await readPolicyInForce(home)) ?? champion.manifest.recommendedPolicy });
    } finally {
      await champion.close();
    }
  } catch (error) {
    if (error instanceof ChampionError) throw new StartError(error.code === 'no-model' ? noModel(home) : error.message);
    if (error instanceof NothingToScoreError || error instanceof OutputFileError) throw new StartError(error.message);
    if (error instanceof RawDataError)
      throw new StartError(
        [
          `The raw tables in ${dataDir} cannot be used: mend ${theseProblems(error.problems.length)} and start again.`,
          ...listProblems(error.problems),
        ].join('\n'),
      );
    throw error;
  }
};

/** Says of each history table that the model learnt from that the folder does not hold it: its scores rest on less than those of the training. */
export const noteLackingTables = async (
  progress: Progress,
  champion: Pick<ServedChampion, 'manifest' | 'lender'>,
  dataDir: string,
): Promise<void> => {
  const lacking = await listLackingTables(champion, dataDir);
  if (lacking.length > 0)
    progress.note(
      lacking.map((table) => `the model learnt from ${table}, which is not in ${dataDir}: what it would tell is missing for every client`),
    );
};

const noModel = (home: string): string => `There is no model in force in ${home}: train one first (npm start, or npm run train -- --data DIR).`;

/** Work shorter than this needs no display. */
const quietMs = 2000;

/** Progress on the error output, so that the output holds the answer alone; says nothing about short work. */
export const showLongProgress = (
  title: string,
  output: NodeJS.WriteStream | ProgressOutput = process.stderr,
  now = () => performance.now(),
): Progress => {
  const startedAt = now();
  let shown: Progress | null = null;
  return {
    report: (share, message) => {
      if (now() - startedAt < quietMs) return;
      shown ??= showProgress(title, output);
      shown.report(share, message);
    },
    note: (lines) => (shown ??= showProgress(title, output)).note(lines),
    end: (message) => shown?.end(message),
  };
};
