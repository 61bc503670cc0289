import { TreeEnsembleError } from '../errors.ts';
import { createLine, startThread, type LineEnd, type Thread, type ThreadListener } from './threads.node.ts';
import type { TrainingResult } from './training-result.ts';
import type { ThreadData, ThreadOrder, ThreadReply } from './training-thread.ts';
import type { LabelledMatrix, TrainingInput } from './training-input.ts';
import type { FeatureMatrix } from '../tree-ensemble.ts';

export interface ThreadOptions {
  /** Threads that learn, 1 to 256; the caller's own only waits. The result does not depend on their number. */
  readonly numWorkers: number;
  /** Ends the training, at once and whatever it is at: it fails as `cancelled`. */
  readonly signal?: AbortSignal;
}

export type StartTrainingThread = (
  script: URL,
  data: ThreadData,
  lines: readonly LineEnd[],
  listener: ThreadListener<ThreadReply>,
) => Thread<ThreadOrder>;

const script = new URL(import.meta.url.endsWith('.ts') ? './training-thread.ts' : './training-thread.js', import.meta.url);

/**
 * `train`, off the caller's event loop and in several threads at once: the same trees, bit for bit.
 *
 * Values over a SharedArrayBuffer are read where they stand, others are copied to one. When the promise settles every thread has ended.
 * Throws TreeEnsembleError as `train` does, and `cancelled`, `out-of-memory`, `thread-died`, `bad-hyper-parameter` (of `numWorkers`);
 * what `onRound` throws ends the training as well.
 *
 * @param start - starts a thread; another one only in tests
 */
export async function trainInThreads(
  input: TrainingInput,
  { numWorkers, signal }: ThreadOptions,
  start: StartTrainingThread = startThread,
): Promise<TrainingResult> {
  if (!Number.isInteger(numWorkers) || numWorkers < 1 || numWorkers > 256) {
    throw new TreeEnsembleError('bad-hyper-parameter', 'numWorkers must be an integer from 1 up to 256');
  }
  if (signal?.aborted === true) throw cancelled();
  const threads: Thread<ThreadOrder>[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<TrainingResult>();
  const cancel = (): void => reject(cancelled());
  signal?.addEventListener('abort', cancel, { once: true });
  const follow = (reply: ThreadReply): void => {
    switch (reply.kind) {
      case 'round':
        return input.onRound?.(reply.progress);
      case 'done':
        return resolve(reply.result);
      case 'refused':
        return reject(new TreeEnsembleError(reply.code, reply.message));
    }
  };
  const listenTo = (index: number): ThreadListener<ThreadReply> => ({
    onReply: (reply) => {
      try {
        follow(reply);
      } catch (error) {
        reject(error);
      }
    },
    // The others may end, their work done, before the leader's result has come; the leader ends after it.
    onEnd: (error, isOutOfMemory) => {
      if (error !== null || index === 0) reject(toError(error, isOutOfMemory));
    },
  });
  try {
    const order = shareInput(input);
    // Only the threads know their memory: here it would outlive them.
    const lines = Array.from({ length: numWorkers - 1 }, createLine);
    for (let index = 0; index < numWorkers; index++) {
      const ofThread = index === 0 ? lines.map(([leader]) => leader) : [lines[index - 1][1]];
      threads.push(start(script, { index, numMembers: numWorkers }, ofThread, listenTo(index)));
    }
    threads[0].send(order);
    return await promise;
  } finally {
    signal?.removeEventListener('abort', cancel);
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

/** What can be sent: without the callback, and with the values where every thread reads them. */
function shareInput(input: TrainingInput): ThreadOrder {
  const { featureNames, hyperParameters, seed, monotoneConstraints, categoricalFeatures, interactionConstraints, validation } = input;
  return {
    ...shareLabelled(input),
    featureNames,
    hyperParameters,
    seed,
    ...(monotoneConstraints !== undefined && { monotoneConstraints: Array.from(monotoneConstraints) }),
    ...(categoricalFeatures !== undefined && { categoricalFeatures }),
    ...(interactionConstraints !== undefined && { interactionConstraints }),
    ...(validation !== undefined && { validation: shareLabelled(validation) }),
  };
}

function shareLabelled({ matrix, labels, weights }: LabelledMatrix): LabelledMatrix {
  return { matrix: shareMatrix(matrix), labels, ...(weights !== undefined && { weights: Float64Array.from(weights) }) };
}

function shareMatrix({ numRows, numFeatures, values }: FeatureMatrix): FeatureMatrix {
  if (values.buffer instanceof SharedArrayBuffer) return { numRows, numFeatures, values };
  try {
    const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
    shared.set(values);
    return { numRows, numFeatures, values: shared };
  } catch (cause) {
    throw new TreeEnsembleError('out-of-memory', `there is no room to share ${numRows} rows × ${numFeatures} features with the threads`, cause);
  }
}

function cancelled(): TreeEnsembleError {
  return new TreeEnsembleError('cancelled', 'the training was cancelled');
}

function toError(error: Error | null, isOutOfMemory: boolean): TreeEnsembleError {
  if (isOutOfMemory) return new TreeEnsembleError('out-of-memory', 'a thread of the training ran out of memory', error);
  return new TreeEnsembleError('thread-died', `a thread of the training died: ${error?.message ?? 'it ended too early'}`, error);
}
