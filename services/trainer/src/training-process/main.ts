import { writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { StatisticsError } from '@lisible/credit';
import { TreeEnsembleError } from '@lisible/tree-ensemble';
import { FitPoolError, UnlearnableDataError } from '../fit-pool/fit-pool.ts';
import { RawDataError } from '../ingest-raw-tables/raw-problem.ts';
import { trainingTaskSchema } from './messages.ts';
import type { TrainingMessage } from './messages.ts';
import { performTraining } from './perform-training.ts';

/** Nice enough to leave the machine to the services, which answer advisors meanwhile. */
const niceness = 10;

/** Synchronous, because boosting never yields to the event loop; it throws EPIPE once the parent is gone, which ends the process. */
const send = (message: TrainingMessage): void => void writeSync(1, `${JSON.stringify(message)}\n`);

const describe = (error: unknown): string => {
  if (error instanceof StatisticsError || error instanceof TreeEnsembleError || error instanceof UnlearnableDataError)
    return `the data cannot be learnt from: ${error.message}`;
  // A bug or a full disk: details go to the log, not to whoever asked.
  console.error(error);
  if (error instanceof FitPoolError) return `the training failed: ${error.message}`;
  return 'the training failed; the log of the trainer says why';
};

setPriority(niceness);
const task = trainingTaskSchema.parse(JSON.parse(process.argv[2] ?? 'null'));
try {
  const manifest = await performTraining(
    task,
    (phase, share, message) => send({ kind: 'progress', phase, share, message }),
    undefined,
    (tables) => send({ kind: 'ingested', tables }),
  );
  send({ kind: 'trained', snapshotId: manifest.snapshotId, modelVersion: manifest.modelVersion });
} catch (error) {
  send(error instanceof RawDataError ? { kind: 'refused', problems: [...error.problems] } : { kind: 'failed', message: describe(error) });
}
