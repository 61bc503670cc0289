import { join } from 'node:path';
import type { ModelManifest } from '@lisible/contracts';
import { getLender } from '@lisible/credit';
import type { HyperParameters } from '@lisible/tree-ensemble';
import { openDuckDb } from '../duckdb.session.ts';
import { ingestRawTables } from '../ingest-raw-tables/ingest-raw-tables.ts';
import { readSource } from '../ingest-raw-tables/raw-folder.ts';
import { writeSnapshot } from '../publish-snapshot/write-snapshot.ts';
import { trainModel } from '../train-model/train-model.ts';
import type { TrainingProgress, TrainingTask } from './messages.ts';

/** Where each phase begins on the whole, 0..1, from what it took on the shared extract; registration has the rest. */
const phaseStarts = { reading: 0, features: 0.04, 'cross-validation': 0.1, 'final-fit': 0.8, evidence: 0.92, registering: 0.96 } as const;
const phaseEnds = {
  reading: phaseStarts.features,
  features: phaseStarts['cross-validation'],
  'cross-validation': phaseStarts['final-fit'],
  'final-fit': phaseStarts.evidence,
  evidence: phaseStarts.registering,
} as const;

/** Progress is for people: a message per hundredth is plenty. */
const minStep = 0.01;

/**
 * From a raw folder to a snapshot and a model in the work folder. Touches nothing else.
 * @throws RawDataError with every problem of the tables, before anything is learnt; RangeError when no lender has the name
 */
export const performTraining = async (
  { dataDir, workDir, seed, lender: lenderName }: TrainingTask,
  onProgress: (phase: TrainingProgress['phase'], share: number, message: string) => void,
  hyperParameters?: HyperParameters,
): Promise<ModelManifest> => {
  const startedAt = new Date();
  const { catalogue, source } = getLender(lenderName);
  let reported = { phase: '', share: -1 };
  const report = (phase: keyof typeof phaseEnds, shareOfPhase: number, message: string): void => {
    const share = phaseStarts[phase] + shareOfPhase * (phaseEnds[phase] - phaseStarts[phase]);
    if (phase === reported.phase && share < reported.share + minStep) return;
    reported = { phase, share };
    onProgress(phase, share, message);
  };
  const session = await openDuckDb(join(workDir, 'scratch.duckdb'));
  try {
    report('reading', 0, 'reading the raw tables');
    const population = await ingestRawTables(session, { dataDir, source, roles: ['labelled', 'unlabelled'], isForLearning: true });
    const snapshot = await writeSnapshot(
      session,
      population,
      { catalogue, folder: join(workDir, 'snapshot'), source: await readSource(dataDir), now: startedAt },
      (share, message) => report('features', share, message),
    );
    return await trainModel(
      session,
      snapshot,
      {
        catalogue,
        folder: join(workDir, 'model'),
        seed,
        startedAt,
        now: () => new Date(),
        ...(hyperParameters === undefined ? {} : { hyperParameters }),
      },
      report,
    );
  } finally {
    session.close();
  }
};
