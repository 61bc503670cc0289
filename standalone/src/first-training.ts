import type { TrainingView } from '@lisible/contracts';
import { generatePopulation } from '@lisible/generator';
import { runTraining } from '@lisible/trainer';
import { join } from 'node:path';
import type { RunningPlatform } from './platform.ts';
import { showProgress } from './progress.ts';
import type { Settings } from './settings.ts';
import { createTableTeller } from './table-lines.ts';
import { StartError, syntheticLender } from './settings.ts';
import { trainingFailure } from './training-failure.ts';

/** Outcomes and features of the generated population are drawn from it; the same seed gives the same files. */
const populationSeed = 42;
/** Share of the generated clients that have no outcome yet and enter through the door. */
const unlabelledShare = 0.1;
const maxUnlabelled = 2000;

/**
 * Gives a platform without a model its first one: raw tables from `DATA_DIR` or generated, then a training, shown as it goes.
 * A start that was killed in the middle begins again: what a training had not registered does not exist.
 * @throws StartError when the tables or the training do not lead to a model in force
 */
export const trainFirstModel = async (platform: RunningPlatform, settings: Settings): Promise<void> => {
  const progress = showProgress('Training');
  const dataDir = settings.dataDir ?? (await generate(platform, settings, (message) => progress.report(0, message)));
  const tellTables = createTableTeller();
  const report = ({ phase, share, message, tables }: Pick<TrainingView, 'phase' | 'share' | 'message' | 'tables'>): void => {
    tellTables(progress, tables);
    platform.announce(`training: ${message === '' ? phase : message}`);
    // The last word stands once, at the end.
    if (phase !== 'done' && phase !== 'failed') progress.report(share, message === '' ? phase : message);
  };
  report({ phase: 'reading', share: 0, message: '' });
  const outcome = await runTraining({
    url: platform.urlOf('trainer'),
    internalToken: platform.internalToken,
    dataDir,
    studies: settings.studies,
    onProgress: report,
  });
  progress.end(outcome.message);
  if (outcome.phase === 'failed') throw new StartError(trainingFailure(outcome, dataDir));
  if (!outcome.isPromoted) {
    const wayOut = settings.dataDir === null ? 'raise SYNTHETIC_CLIENTS' : 'bring more or better data with DATA_DIR';
    throw new StartError(`There is no model in force, because the one trained on ${dataDir} did not pass the gates: ${wayOut} and start again.`);
  }
};

const generate = async (
  platform: RunningPlatform,
  { home, lender, syntheticClients }: Settings,
  report: (message: string) => void,
): Promise<string> => {
  if (lender !== syntheticLender)
    throw new StartError(
      `There is no synthetic population for the lender ${lender}: name the folder of its raw tables with DATA_DIR and start again.`,
    );
  const outDir = join(home, 'raw');
  const unlabelled = Math.min(maxUnlabelled, Math.round(syntheticClients * unlabelledShare));
  const message = `generating ${syntheticClients} synthetic clients`;
  platform.announce(`training: ${message}`);
  report(message);
  await generatePopulation({ seed: populationSeed, labelled: syntheticClients - unlabelled, unlabelled, outDir, tables: 'all' });
  return outDir;
};
