import type { TrainingView } from '@lisible/contracts';
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
import { StartError, fromWhereThePersonStands, readSettings } from './settings.ts';
import { trainingFailure } from './training-failure.ts';

interface Order {
  readonly dataDir: string;
  readonly seed: number;
  readonly onProgress: (view: TrainingView) => void;
}

const usage = 'npm run train -- --data DIR [--seed N]';

const readOrder = (): Omit<Order, 'onProgress'> => {
  let values: { data?: string | undefined; seed?: string | undefined };
  try {
    ({ values } = parseArgs({ options: { data: { type: 'string' }, seed: { type: 'string' } } }));
  } catch {
    throw new StartError(`Say what to train on: ${usage}`);
  }
  const data = values.data ?? process.env['DATA_DIR'];
  if (data === undefined || data === '') throw new StartError(`Say what to train on: ${usage}`);
  const seed = values.seed ?? '42';
  if (!/^\d{1,9}$/.test(seed)) throw new StartError(`The seed is a whole number from 0 on: ${usage}`);
  return { dataDir: fromWhereThePersonStands(data), seed: Number(seed) };
};

/** Through the running platform's door, as any MLOps tool. */
const trainThroughDoor = async (door: Door, token: string, { dataDir, seed, onProgress }: Order): Promise<TrainingView> => {
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
  let view = await ask('/v1/trainings', { dataDir, seed });
  while (view.phase !== 'done' && view.phase !== 'failed') {
    onProgress(view);
    await setTimeout(500);
    view = await ask(`/v1/trainings/${encodeURIComponent(view.trainingId)}`);
  }
  return view;
};

/** With the platform at rest: takes the state folder and starts only the trainer. */
const trainAlone = async ({ dataDir, seed, onProgress }: Order): Promise<TrainingView> => {
  const settings = readSettings();
  const parts = await openEmbeddedParts(settings);
  try {
    const trainer = await startService(trainerService(settings.lender), parts.ports, { host: settings.host, port: 0 });
    const stop = (): void => void trainer.close().finally(() => process.exit(130));
    process.once('SIGINT', stop).once('SIGTERM', stop);
    try {
      return await runTraining({ url: trainer.url, internalToken: parts.ports.internalToken, dataDir, seed, onProgress });
    } finally {
      await trainer.close();
    }
  } finally {
    await parts.close();
  }
};

/** `npm run train -- --data DIR [--seed N]` */
runCommand(async () => {
  const { home } = readSettings();
  const order = readOrder();
  const progress = showProgress('Training');
  const withProgress: Order = {
    ...order,
    onProgress: ({ phase, share, message }) => {
      if (phase !== 'done' && phase !== 'failed') progress.report(share, message === '' ? phase : message);
    },
  };
  const door = await findDoor(home);
  const token = door === null ? null : await requestToken(door, 'mlops');
  const outcome = door !== null && token !== null ? await trainThroughDoor(door, token, withProgress) : await trainAlone(withProgress);
  progress.end(outcome.message);
  if (outcome.phase === 'failed') throw new StartError(trainingFailure(outcome, order.dataDir));
});
