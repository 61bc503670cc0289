import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { countChunks, createChunkDrawer, type Chunk, type PopulationPlan } from './chunk.ts';

/** Chunks that a thread may be ahead of the writer: bounds the memory, whatever the disk's pace. */
const chunksAhead = 2;

async function* drawHere(plan: PopulationPlan, signal: AbortSignal | undefined): AsyncGenerator<Chunk> {
  const draw = createChunkDrawer(plan);
  const count = countChunks(plan);
  for (let index = 0; index < count; index++) {
    // Lets timers and signals have their turn between two chunks.
    await setImmediate();
    signal?.throwIfAborted();
    yield draw(index);
  }
}

interface Order {
  readonly promise: Promise<Chunk>;
  resolve(chunk: Chunk): void;
  reject(error: Error): void;
}

async function* drawInThreads(plan: PopulationPlan, workers: number, signal: AbortSignal | undefined): AsyncGenerator<Chunk> {
  const count = countChunks(plan);
  const orders = new Map<number, Order>();
  const isSource = import.meta.url.endsWith('.ts');
  const script = new URL(isSource ? './chunk.worker.ts' : './chunk.worker.js', import.meta.url);
  const execArgv = isSource ? ['--conditions=lisible-source', '--no-warnings'] : [];
  const threads = Array.from({ length: workers }, () => new Worker(script, { workerData: plan, execArgv }));
  const ask = (index: number): void => {
    if (index >= count) return;
    const order = Promise.withResolvers<Chunk>();
    // Awaited in its turn below; one that fails before must not end the process.
    order.promise.catch(() => undefined);
    orders.set(index, order);
    threads[index % workers]?.postMessage(index);
  };
  const fail = (error: Error): void => {
    for (const order of orders.values()) order.reject(error);
  };
  const abort = (): void => fail(new Error('aborted'));
  try {
    for (const thread of threads) {
      thread.on('message', (chunk: Chunk) => orders.get(chunk.index)?.resolve(chunk));
      thread.on('error', fail);
      thread.on('exit', (code) => fail(new Error(`a drawing thread ended with code ${code}`)));
    }
    signal?.addEventListener('abort', abort);
    for (let index = 0; index < workers * chunksAhead; index++) ask(index);
    for (let index = 0; index < count; index++) {
      const chunk = await orders.get(index)?.promise.catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
      signal?.throwIfAborted();
      if (chunk === undefined) throw new Error('a chunk was awaited that nobody draws');
      orders.delete(index);
      ask(index + workers * chunksAhead);
      yield chunk;
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/**
 * All chunks of a population in their order. With `workers` 0 they are drawn in this thread; with more, each thread draws every so-manieth.
 * The bytes are the same either way.
 * @throws what the signal was aborted with; the error of a thread that failed
 */
export const drawChunks = (plan: PopulationPlan, workers: number, signal?: AbortSignal): AsyncGenerator<Chunk> =>
  workers === 0 ? drawHere(plan, signal) : drawInThreads(plan, Math.min(workers, Math.max(1, countChunks(plan))), signal);
