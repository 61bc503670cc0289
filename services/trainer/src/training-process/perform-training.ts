import { join } from 'node:path';
import type { ModelManifest } from '@lisible/contracts';
import { getLender } from '@lisible/credit';
import type { HyperParameters } from '@lisible/tree-ensemble';
import { openDuckDb } from '../duckdb.session.ts';
import { ingestRawTables } from '../ingest-raw-tables/ingest-raw-tables.ts';
import { readSource } from '../ingest-raw-tables/raw-folder.ts';
import { writeSnapshot } from '../publish-snapshot/write-snapshot.ts';
import { createStopwatch } from '../train-model/stopwatch.ts';
import { trainModel } from '../train-model/train-model.ts';
import type { IngestedTables, TrainingProgress, TrainingTask } from './messages.ts';

/** About how many seconds each phase takes on the shared extract with two cores: what its share of the whole is told by. Registration comes last. */
const usualSeconds = { reading: 5, features: 8, search: 0, 'cross-validation': 18, 'final-fit': 2, studies: 62, evidence: 9, registering: 5 };
type Phase = Exclude<keyof typeof usualSeconds, 'registering'>;

/** Progress is for people: a message per hundredth is plenty. */
const minStep = 0.01;

/**
 * From a raw folder to a snapshot and a model in the work folder. Touches nothing else.
 * @throws RawDataError with every problem of the tables, before anything is learnt; RangeError when no lender has the name
 */
export const performTraining = async (
  { dataDir, workDir, seed, lender: lenderName, searchSeconds, studies, learnFrom }: TrainingTask,
  onProgress: (phase: TrainingProgress['phase'], share: number, message: string) => void,
  hyperParameters?: HyperParameters,
  onIngested?: (tables: IngestedTables) => void,
): Promise<ModelManifest> => {
  const startedAt = new Date();
  const { catalogue, source, policy, about } = getLender(lenderName);
  const shareOf = shareOfWhole(searchSeconds, studies);
  const stopwatch = createStopwatch();
  let reported = { phase: '', share: -1 };
  const report = (phase: Phase, shareOfPhase: number, message: string): void => {
    const share = shareOf(phase, shareOfPhase);
    if (phase === reported.phase && share < reported.share + minStep) return;
    reported = { phase, share };
    onProgress(phase, share, message);
  };
  const session = await openDuckDb(join(workDir, 'scratch.duckdb'));
  try {
    report('reading', 0, 'reading the raw tables');
    const population = await stopwatch.time('reading', () =>
      ingestRawTables(session, {
        dataDir,
        source,
        roles: ['labelled', 'unlabelled'],
        isForLearning: true,
        history: { fieldNames: catalogue.historyFields.map(({ name }) => name), tables: null, learnFrom: learnFrom ?? null, withMonths: true },
        onProgress: (share, message) => report('reading', share, message),
      }),
    );
    if (population.history !== null) onIngested?.({ coverage: [...population.history.coverage], repairs: [...population.history.repairs] });
    const snapshotFolder = join(workDir, 'snapshot');
    const origin = await readSource(dataDir);
    const snapshot = await stopwatch.time('features', () =>
      writeSnapshot(session, population, { catalogue, folder: snapshotFolder, source: origin, now: startedAt }, (share, message) =>
        report('features', share, message),
      ),
    );
    return await trainModel(
      session,
      snapshot,
      {
        catalogue,
        policy,
        about,
        snapshotFolder,
        folder: join(workDir, 'model'),
        seed,
        startedAt,
        now: () => new Date(),
        searchSeconds,
        studies,
        stopwatch,
        ...(hyperParameters === undefined ? {} : { hyperParameters }),
      },
      report,
    );
  } finally {
    session.close();
  }
};

/** How far the whole is, 0..1, when so much of a phase is done. */
const shareOfWhole = (searchSeconds: number | null, studies: TrainingTask['studies']): ((phase: Phase, shareOfPhase: number) => number) => {
  const seconds: Readonly<Record<string, number>> = { ...usualSeconds, search: searchSeconds ?? 0, ...(studies === 'none' ? { studies: 0 } : {}) };
  const phases = Object.keys(seconds);
  const sum = (names: readonly string[]): number => names.reduce((total, name) => total + (seconds[name] ?? 0), 0);
  return (phase, shareOfPhase) => (sum(phases.slice(0, phases.indexOf(phase))) + shareOfPhase * (seconds[phase] ?? 0)) / sum(phases);
};
