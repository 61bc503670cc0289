/** The thread that holds one population: it loads it, answers questions about it one after the other, and ends when it is told. Started by `population.thread.ts`. */
import { parentPort } from 'node:worker_threads';
import { answerComparison, answerGrid, createKnownGroups } from './answer-comparison.ts';
import { openPopulationReader } from './duckdb.population-reader.ts';
import type { PopulationReader } from './duckdb.population-reader.ts';
import { listPopulation } from './list-population.ts';
import type { LoadedPopulation, Replies, ThreadReply, ThreadRequest } from './messages.ts';
import { loadPopulation } from './population-store.ts';
import type { PopulationStore } from './population-store.ts';

const port = parentPort;
if (port === null) throw new Error('population.worker runs in a worker thread only');

/** Rows of groups kept for the next question: 4 bytes each. */
const maxKnownRows = 8_000_000;

let reader: PopulationReader | null = null;
let store: PopulationStore | null = null;
let loading: Promise<unknown> = Promise.resolve();
const groups = createKnownGroups(maxKnownRows);

const reply = (message: ThreadReply): void => port.postMessage(message);

const load = async (source: Extract<ThreadRequest, { kind: 'load' }>['content']): Promise<LoadedPopulation> => {
  const startedAt = performance.now();
  reader = await openPopulationReader();
  try {
    store = await loadPopulation(reader, source);
  } finally {
    // Nothing is under way on it any more; a thread must not end while something is.
    reader.close();
    reader = null;
  }
  return { numRows: store.numRows, numColumns: store.columns.size, bytes: store.bytes, seconds: (performance.now() - startedAt) / 1000 };
};

const loaded = (): PopulationStore => {
  if (store === null) throw new Error('the population is not loaded');
  return store;
};

const perform = async (request: Exclude<ThreadRequest, { kind: 'stop' }>): Promise<Replies[keyof Replies]> => {
  switch (request.kind) {
    case 'load': {
      const promise = load(request.content);
      loading = promise;
      return promise;
    }
    case 'compare':
      return answerComparison(loaded(), groups, request.content);
    case 'grid':
      return answerGrid(loaded());
    case 'list':
      return listPopulation(loaded(), request.content);
  }
};

const stop = async (): Promise<void> => {
  reader?.interrupt();
  await loading.catch(() => undefined);
  port.close();
};

const answer = async (request: Exclude<ThreadRequest, { kind: 'stop' }>): Promise<void> => {
  try {
    reply({ id: request.id, kind: 'done', content: await perform(request) });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    reply({ id: request.id, kind: 'failed', message, stack: stack ?? null });
  }
};

port.on('message', (request: ThreadRequest) => void (request.kind === 'stop' ? stop() : answer(request)));
