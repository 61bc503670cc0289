import { Worker } from 'node:worker_threads';
import type { Replies, ThreadReply, ThreadRequest } from './messages.ts';

/** The thread died or failed at a question: a bug, a file that cannot be read, or too little memory. */
export class PopulationThreadError extends Error {
  override readonly name = 'PopulationThreadError';
}

const isSource = import.meta.url.endsWith('.ts');
const script = new URL(isSource ? './population.worker.ts' : './population.worker.js', import.meta.url);
const nodeOptions = isSource ? ['--conditions=lisible-source', '--no-warnings'] : [];

/** Columns stand outside this heap. */
const maxHeapMegabytes = 512;

interface Waiting {
  resolve(content: Replies[keyof Replies]): void;
  reject(error: Error): void;
}

type Questions = { readonly [Kind in keyof Replies]: Extract<ThreadRequest, { kind: Kind }>['content'] };

/** A thread with one population in its memory. Whatever it computes, the event loop goes on. */
export class PopulationThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  #error: PopulationThreadError | null = null;

  constructor() {
    this.#worker = new Worker(script, { execArgv: nodeOptions, resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes } });
    this.#worker.on('message', (message: ThreadReply) => this.#settle(message));
    this.#worker.on('error', (error) =>
      this.#fail(new PopulationThreadError(`the thread of the population ended: ${error.message}`, { cause: error })),
    );
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#fail(new PopulationThreadError(`the thread of the population ended with code ${code}`));
        resolve();
      });
    });
  }

  /** Why it answers no more; null while it does. */
  get error(): PopulationThreadError | null {
    return this.#error;
  }

  /** @throws PopulationThreadError */
  ask<Kind extends keyof Replies>(kind: Kind, content: Questions[Kind]): Promise<Replies[Kind]>;
  ask(kind: keyof Replies, content: Questions[keyof Replies]): Promise<Replies[keyof Replies]> {
    if (this.#error !== null) return Promise.reject(this.#error);
    const { promise, resolve, reject } = Promise.withResolvers<Replies[keyof Replies]>();
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, { resolve, reject });
    this.#worker.postMessage({ id: this.#lastId, kind, content });
    return promise;
  }

  /** Ends it after the question in hand; a load under way is cut short. Resolves when it is gone. */
  close(): Promise<void> {
    if (this.#error === null) this.#worker.postMessage({ id: 0, kind: 'stop', content: null } satisfies ThreadRequest);
    return this.#ended;
  }

  #settle(message: ThreadReply): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'done') waiting?.resolve(message.content);
    else waiting?.reject(new PopulationThreadError(message.message, { cause: message.stack }));
  }

  #fail(error: PopulationThreadError): void {
    if (this.#error !== null) return;
    this.#error = error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
