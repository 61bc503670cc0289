import type { TrainingRequest, TrainingView } from '@lisible/contracts';
import { problemSchema, trainingViewSchema } from '@lisible/contracts';
import { startService } from '@lisible/platform';
import { runTraining, trainerService } from '@lisible/trainer';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runCommand } from './one-sentence.ts';
import { openEmbeddedParts } from './platform.ts';
import { showProgress } from './progress.ts';
import { findDoor, requestToken } from './script-credentials.ts';
import type { Door } from './script-credentials.ts';
import { createTableTeller } from './table-lines.ts';
import { StartError, fromWhereThePersonStands, readSettings } from './settings.ts';
import { trainingFailure } from './training-failure.ts';

interface Order {
  readonly dataDir: string;
  readonly seed: number;
  /** Absent: the house's usual settings. */
  readonly searchSeconds?: number;
  readonly studies: TrainingRequest['studies'];
  /** Absent: the history tables that cover enough. */
  readonly learnFrom?: TrainingRequest['learnFrom'];
  readonly onProgress: (view: TrainingView) => void;
}

const usage = 'npm run train -- --data DIR [--seed N] [--search SECONDS] [--learn-from all|TABLE,…]';
const maxSearchSeconds = 86_400;

const readOrder = (studies: Order['studies']): Omit<Order, 'onProgress'> => {
  let values: { data?: string | undefined; seed?: string | undefined; search?: string | undefined; 'learn-from'?: string | undefined };
  try {
    ({ values } = parseArgs({
      options: { data: { type: 'string' }, seed: { type: 'string' }, search: { type: 'string' }, 'learn-from': { type: 'string' } },
    }));
  } catch {
    throw new StartError(`Say what to train on: ${usage}`);
  }
  const data = values.data ?? process.env['DATA_DIR'];
  if (data === undefined || data === '') throw new StartError(`Say what to train on: ${usage}`);
  const seed = values.seed ?? '42';
  if (!/^\d{1,9}$/.test(seed)) throw new StartError(`The seed is a whole number from 0 on: ${usage}`);
  const order = { dataDir: fromWhereThePersonStands(data), seed: Number(seed), studies, ...learnFromOf(values['learn-from']) };
  if (values.search === undefined) return order;
  const searchSeconds = Number(values.search);
  if (!/^\d{1,5}$/.test(values.search) || searchSeconds < 1 || searchSeconds > maxSearchSeconds)
    throw new StartError(`A search takes a whole number of seconds, from 1 to ${maxSearchSeconds}: ${usage}`);
  return { ...order, searchSeconds };
};

const learnFromOf = (given: string | undefined): Pick<Order, 'learnFrom'> => {
  if (given === undefined) return {};
  const tables = given.split(',').map((name) => name.trim());
  if (tables.includes('')) throw new StartError(`Say which history tables to learn from, or all: ${usage}`);
  return { learnFrom: given === 'all' ? 'all' : tables };
};

/** Through the running platform's door, as any MLOps tool. */
const trainThroughDoor = async (door: Door, token: string, { onProgress, ...request }: Order): Promise<TrainingView> => {
  const ask = async (path: string, body?: unknown): Promise<TrainingView> => {
    const response = await fetch(door.origin + path, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'accept-language': 'en' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const content: unknown = await response.json();
    if (response.ok) return trainingViewSchema.parse(content);
    const problem = problemSchema.safeParse(content).data;
    throw new StartError(problem?.detail ?? problem?.title ?? `The platform answered ${response.status} to the request for a training.`);
  };
  let view = await ask('/v1/trainings', request);
  while (view.phase !== 'done' && view.phase !== 'failed') {
    onProgress(view);
    await setTimeout(500);
    view = await ask(`/v1/trainings/${encodeURIComponent(view.trainingId)}`);
  }
  return view;
};

/** With the platform at rest: takes the state folder and starts only the trainer. */
const trainAlone = async (order: Order): Promise<TrainingView> => {
  const settings = readSettings();
  const parts = await openEmbeddedParts(settings);
  try {
    const trainer = await startService(trainerService(settings.lender), parts.ports, { host: settings.host, port: 0 });
    const stop = (): void => void trainer.close().finally(() => process.exit(130));
    process.once('SIGINT', stop).once('SIGTERM', stop);
    try {
      return await runTraining({ url: trainer.url, internalToken: parts.ports.internalToken, ...order });
    } finally {
      await trainer.close();
    }
  } finally {
    await parts.close();
  }
};

/** `npm run train -- --data DIR [--seed N] [--search SECONDS] [--learn-from all|TABLE,…]` */
runCommand(async () => {
  const { home, studies } = readSettings();
  const order = readOrder(studies);
  const progress = showProgress('Training');
  const tellTables = createTableTeller();
  const withProgress: Order = {
    ...order,
    onProgress: ({ phase, share, message, tables }) => {
      tellTables(progress, tables);
      if (phase !== 'done' && phase !== 'failed') progress.report(share, message === '' ? phase : message);
    },
  };
  const door = await findDoor(home);
  const token = door === null ? null : await requestToken(door, 'mlops');
  const outcome = door !== null && token !== null ? await trainThroughDoor(door, token, withProgress) : await trainAlone(withProgress);
  progress.end(outcome.message);
  if (outcome.phase === 'failed') throw new StartError(trainingFailure(outcome, order.dataDir));
});
