import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';
import { shareBytes, shareFloats } from './fit-order.ts';
import type {
  FitFailure,
  FitOrder,
  FitReply,
  FitRequest,
  FitResult,
  ScorecardFit,
  ScorecardOrder,
  SharedData,
  TreesFit,
  TreesOrder,
} from './fit-order.ts';

/** The data themselves forbid the fit: one class only, columns without a split. `message` is fit for whoever asked. */
export class UnlearnableDataError extends Error {
  override readonly name = 'UnlearnableDataError';
  /** Code of the error that the fit threw. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A fit died: a bug, or a thread that ran out of memory. The first one fails every other. */
export class FitPoolError extends Error {
  override readonly name = 'FitPoolError';
}

/** Errors of the maths that blame the data. */
const errorsOfData: ReadonlySet<string> = new Set(['TreeEnsembleError', 'StatisticsError', 'ScorecardError']);

/** A thread holds its copy of the fitted rows, their bins and histograms outside this heap; what is inside is small. */
const maxHeapMegabytes = 512;
/** Each thread has a copy of the rows that it fits on: cores beyond these would cost more memory than they save time. */
const maxWorkers = 8;

/** Threads run TypeScript sources as the process does: stripped by Node, rooms resolved to their sources. */
const isSource = import.meta.url.endsWith('.ts');
const script = new URL(isSource ? './fit.worker.ts' : './fit.worker.js', import.meta.url);
const nodeOptions = isSource ? ['--conditions=lisible-source', '--no-warnings'] : [];

export type StartWorker = (script: URL, options: WorkerOptions) => Worker;
const startThread: StartWorker = (url, options) => new Worker(url, options);

export interface FitPoolOptions {
  readonly numWorkers?: number;
  readonly startWorker?: StartWorker;
}

interface Job {
  readonly id: number;
  readonly order: FitOrder;
  readonly onRound: (round: number) => void;
  resolve(result: FitResult): void;
  reject(error: Error): void;
}

/**
 * Fits in worker threads: as many as the machine has cores. The matrix stands in shared memory, once for all of them; each fit
 * depends on its order alone, so the results do not depend on how many threads there are or which is free.
 *
 * Orders wait for a free thread in the order given. A fit that the data forbid fails its own promise (`UnlearnableDataError`); a
 * thread that dies, and `close`, fail all that is under way and all that would come (`FitPoolError`).
 */
export class FitPool {
  readonly numWorkers: number;
  readonly #idle: Worker[] = [];
  readonly #workers: Worker[] = [];
  readonly #waiting: Job[] = [];
  readonly #running = new Map<Worker, Job>();
  #lastId = 0;
  #end: FitPoolError | null = null;

  constructor(data: SharedData, { numWorkers = Math.min(maxWorkers, availableParallelism()), startWorker = startThread }: FitPoolOptions = {}) {
    this.numWorkers = numWorkers;
    const shared: SharedData = {
      matrix: { ...data.matrix, values: shareFloats(data.matrix.values) },
      labels: shareBytes(data.labels),
      featureNames: data.featureNames,
    };
    for (let index = 0; index < numWorkers; index++) this.#start(shared, startWorker);
  }

  /** Boosted trees. @throws UnlearnableDataError, FitPoolError; FitPoolError too where a time limit made it give up: see `tryTrees` */
  async fitTrees(order: Omit<TreesOrder, 'kind' | 'giveUpAtMs'>, onRound?: (round: number) => void): Promise<TreesFit> {
    const fit = await this.#fit({ kind: 'trees', giveUpAtMs: null, ...order }, onRound);
    if (fit.kind !== 'trees') throw new FitPoolError(`a fit of trees gave ${fit.kind}`);
    return fit;
  }

  /** Boosted trees within a time limit; null where it was not enough. @throws UnlearnableDataError, FitPoolError */
  async tryTrees(order: Omit<TreesOrder, 'kind'>, onRound?: (round: number) => void): Promise<TreesFit | null> {
    const fit = await this.#fit({ kind: 'trees', ...order }, onRound);
    return fit.kind === 'trees' ? fit : null;
  }

  /** A scorecard. @throws UnlearnableDataError, FitPoolError */
  async fitScorecard(order: Omit<ScorecardOrder, 'kind'>): Promise<ScorecardFit> {
    const fit = await this.#fit({ kind: 'scorecard', ...order });
    if (fit.kind !== 'scorecard') throw new FitPoolError(`a fit of a scorecard gave ${fit.kind}`);
    return fit;
  }

  /** Ends the threads, at once and in the middle of whatever they do. */
  async close(): Promise<void> {
    this.#fail(new FitPoolError('the training was stopped'));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(shared: SharedData, startWorker: StartWorker): void {
    const worker = startWorker(script, {
      workerData: shared,
      execArgv: nodeOptions,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
    });
    this.#workers.push(worker);
    this.#idle.push(worker);
    worker.on('message', (reply: FitReply) => this.#settle(worker, reply));
    worker.on('error', (error) => this.#fail(new FitPoolError(`a fit ended unexpectedly: ${error.message}`, { cause: error })));
    worker.on('exit', (code) => this.#fail(new FitPoolError(`a fit ended unexpectedly, with code ${code}`)));
  }

  #fit(order: FitOrder, onRound: (round: number) => void = () => undefined): Promise<FitResult> {
    if (this.#end !== null) return Promise.reject(this.#end);
    const { promise, resolve, reject } = Promise.withResolvers<FitResult>();
    this.#waiting.push({ id: ++this.#lastId, order, onRound, resolve, reject });
    this.#dispatch();
    return promise;
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.shift();
      const job = this.#waiting.shift();
      if (worker === undefined || job === undefined) return;
      this.#running.set(worker, job);
      worker.postMessage({ id: job.id, order: job.order } satisfies FitRequest);
    }
  }

  #settle(worker: Worker, reply: FitReply): void {
    const job = this.#running.get(worker);
    if (job === undefined || job.id !== reply.id) return;
    if (reply.kind === 'round') {
      job.onRound(reply.round);
      return;
    }
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (reply.kind === 'done') job.resolve(reply.result);
    else job.reject(toError(reply.failure));
    this.#dispatch();
  }

  #fail(error: FitPoolError): void {
    if (this.#end !== null) return;
    this.#end = error;
    const jobs = [...this.#running.values(), ...this.#waiting.splice(0)];
    this.#running.clear();
    for (const job of jobs) job.reject(error);
  }
}

const toError = ({ name, code, message, stack }: FitFailure): Error => {
  if (errorsOfData.has(name) && code !== null) return new UnlearnableDataError(code, message);
  return new FitPoolError(`a fit failed: ${message}`, { cause: stack });
};
