/** The worker thread that fits: one order at a time, for as long as its pool is open. Started by `fit-pool.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FitFailure, FitReply, FitRequest, SharedData } from './fit-order.ts';
import { performFit } from './perform-fit.ts';

const port = parentPort;
if (port === null) throw new Error('fit.worker runs in a worker thread only');
const data: SharedData = workerData;

/** People want to see that it moves; the pool's thread has more to do than to count rounds. */
const roundsPerMessage = 20;

const reply = (message: FitReply): void => port.postMessage(message);

const describe = (error: unknown): FitFailure => {
  if (!(error instanceof Error)) return { name: 'Error', code: null, message: String(error), stack: null };
  const code: unknown = Reflect.get(error, 'code');
  return { name: error.name, code: typeof code === 'string' ? code : null, message: error.message, stack: error.stack ?? null };
};

port.on('message', ({ id, order }: FitRequest) => {
  try {
    const result = performFit(data, order, (round) => {
      if (round % roundsPerMessage === 0) reply({ kind: 'round', id, round });
    });
    reply({ kind: 'done', id, result });
  } catch (error) {
    reply({ kind: 'failed', id, failure: describe(error) });
  }
});
