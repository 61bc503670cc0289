import { defaultHyperParameters, serialiseTrees, train, trainInThreads, type HyperParameters, type TrainingInput } from '../index.ts';
import { featureNames, heldOut, learning, range } from './learning-set.testing.ts';
import { startThread, type Thread } from './threads.node.ts';
import type { StartTrainingThread } from './train-in-threads.ts';
import type { ThreadOrder } from './training-thread.ts';

const inputOf = (settings: Partial<HyperParameters>, more: Partial<TrainingInput> = {}): TrainingInput => ({
  ...learning,
  featureNames,
  hyperParameters: { ...defaultHyperParameters, numRounds: 12, ...settings },
  seed: 5,
  ...more,
});

/** The learning set several times over, so that leaves are large enough to be parted by all threads. */
function manyRows(times: number): Pick<TrainingInput, 'matrix' | 'labels'> {
  const { numRows, numFeatures, values } = learning.matrix;
  const many = new Float32Array(new SharedArrayBuffer(values.byteLength * times));
  for (const at of range(0, times)) many.set(values, at * values.length);
  const labels = new Uint8Array(numRows * times);
  for (const at of range(0, times)) labels.set(learning.labels, at * numRows);
  // No two rows are alike in what follows from them.
  for (let row = 0; row < many.length; row += numFeatures) many[row + (row % numFeatures)] += (row % 1013) / 4096;
  return { matrix: { numRows: numRows * times, numFeatures, values: many }, labels };
}

/** Keeps what it starts, so that a test sees every thread end. */
function keepThreads(): { readonly start: StartTrainingThread; readonly threads: Thread<ThreadOrder>[]; numEnded: () => number } {
  const threads: Thread<ThreadOrder>[] = [];
  let numEnded = 0;
  const start: StartTrainingThread = (script, data, lines, listener) => {
    const thread = startThread<ThreadOrder, never>(script, data, lines, listener);
    const kept = { send: (order: ThreadOrder) => thread.send(order), end: () => thread.end().then(() => void numEnded++) };
    threads.push(kept);
    return kept;
  };
  return { start, threads, numEnded: () => numEnded };
}

describe('trainInThreads', () => {
  it.each<[string, TrainingInput]>([
    ['validation and early stopping', inputOf({ earlyStoppingRounds: 3, numRounds: 25 }, { validation: heldOut })],
    ['bags and drawn features', inputOf({ baggingFraction: 0.6, baggingFreq: 1, featureFraction: 0.5, lambdaL1: 0.5 })],
    [
      'monotone and interaction constraints',
      inputOf({}, { monotoneConstraints: featureNames.map((_, at) => (at % 3) - 1), interactionConstraints: [[0, 1, 2], range(2, 10)] }),
    ],
    [
      'categories and weights',
      inputOf({}, { categoricalFeatures: [featureNames.length - 1], weights: learning.labels.map((label) => 1 + label), ...codesLast() }),
    ],
    ['many rows', inputOf({ numRounds: 4 }, manyRows(8))],
  ])('gives the bytes of train, whatever the number of threads: %s', async (_, input) => {
    const rounds: number[] = [];
    const alone = train({ ...input, onRound: ({ round }) => rounds.push(round) });
    for (const numWorkers of [1, 2, 4]) {
      const roundsHere: number[] = [];
      const { ensemble, bestRound, evaluations } = await trainInThreads({ ...input, onRound: ({ round }) => roundsHere.push(round) }, { numWorkers });
      expect(serialiseTrees(ensemble) === serialiseTrees(alone.ensemble)).toBe(true);
      expect({ bestRound, evaluations }).toEqual({ bestRound: alone.bestRound, evaluations: alone.evaluations });
      expect(roundsHere).toEqual(rounds);
    }
  });

  it('is cancelled at once, and ends its threads', async () => {
    const { start, threads, numEnded } = keepThreads();
    const stop = new AbortController();
    const input = inputOf({ numRounds: 100_000 }, { onRound: ({ round }) => round === 3 && stop.abort() });
    await expect(trainInThreads(input, { numWorkers: 2, signal: stop.signal }, start)).rejects.toMatchObject({
      name: 'TreeEnsembleError',
      code: 'cancelled',
    });
    expect(threads.length).toBe(2);
    expect(numEnded()).toBe(2);
  });

  it('starts nothing where it was cancelled before', async () => {
    const { start, threads } = keepThreads();
    await expect(trainInThreads(inputOf({}), { numWorkers: 2, signal: AbortSignal.abort() }, start)).rejects.toMatchObject({ code: 'cancelled' });
    expect(threads.length).toBe(0);
  });

  it.each([0, 1])('fails, and does not wait for ever, where thread %d dies', async (dying) => {
    const { start, threads, numEnded } = keepThreads();
    const input = inputOf({ numRounds: 100_000 }, { onRound: ({ round }) => round === 2 && void threads[dying].end() });
    await expect(trainInThreads(input, { numWorkers: 2 }, start)).rejects.toMatchObject({ name: 'TreeEnsembleError', code: 'thread-died' });
    // The one that died is ended again, which does nothing.
    expect(numEnded()).toBe(3);
  });

  it('names a thread that ran out of memory', async () => {
    const start: StartTrainingThread = (script, data, lines, listener) => {
      const thread = startThread<ThreadOrder, never>(script, data, lines, listener);
      queueMicrotask(() => listener.onEnd(new Error('heap'), true));
      return thread;
    };
    await expect(trainInThreads(inputOf({}), { numWorkers: 2 }, start)).rejects.toMatchObject({ code: 'out-of-memory' });
  });

  it('fails with what the callback throws', async () => {
    const input = inputOf(
      {},
      {
        onRound: () => {
          throw new RangeError('enough');
        },
      },
    );
    await expect(trainInThreads(input, { numWorkers: 2 })).rejects.toThrow('enough');
  });

  it('refuses what train refuses, by the same code', async () => {
    const input = inputOf({}, { labels: new Uint8Array(learning.labels.length) });
    await expect(trainInThreads(input, { numWorkers: 2 })).rejects.toMatchObject({ name: 'TreeEnsembleError', code: 'one-class' });
    await expect(trainInThreads(inputOf({}), { numWorkers: 0 })).rejects.toMatchObject({ code: 'bad-hyper-parameter' });
  });
});

/** The learning set, its last column as codes. */
function codesLast(): Pick<TrainingInput, 'matrix'> {
  const { numRows, numFeatures } = learning.matrix;
  const values = learning.matrix.values.map((value, at) => (at % numFeatures === numFeatures - 1 ? Math.abs(Math.round(value)) : value));
  return { matrix: { numRows, numFeatures, values } };
}
