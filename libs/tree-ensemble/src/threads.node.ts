/** The room's one door to threads. */
/// <reference types="node" />
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** A thread that was started; orders arrive in the order sent. */
export interface Thread<Order> {
  send(order: Order): void;
  /** Ends it, at once and whatever it is at; resolves when it has ended. */
  end(): Promise<void>;
}

export interface ThreadListener<Reply> {
  onReply(reply: Reply): void;
  /** It ended by itself: `error` says why, null where its work was done; `isOutOfMemory` where its heap was full. */
  onEnd(error: Error | null, isOutOfMemory: boolean): void;
}

/** Starts a thread that runs a module of this room; `data` must be plain, or shared memory. */
export function startThread<Order, Reply>(script: URL, data: unknown, listener: ThreadListener<Reply>): Thread<Order> {
  // Threads run TypeScript sources as the process does: stripped by Node.
  const worker = new Worker(script, { workerData: data, execArgv: ['--no-warnings'] });
  worker.on('message', (reply: Reply) => listener.onReply(reply));
  worker.on('error', (error) => listener.onEnd(error, Reflect.get(error, 'code') === 'ERR_WORKER_OUT_OF_MEMORY'));
  worker.on('messageerror', (error) => listener.onEnd(error, false));
  worker.on('exit', (code) => listener.onEnd(code === 0 ? null : new Error(`it ended with code ${code}`), false));
  return {
    send: (order) => worker.postMessage(order),
    end: async () => void (await worker.terminate()),
  };
}

/** What a thread's module does: waits for its one order, with the data that it was started with. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- they name the types on both sides of the door, where nothing else does
export function followOrder<Data, Order, Reply>(perform: (order: Order, data: Data, reply: (message: Reply) => void) => void): void {
  const data: Data = workerData;
  parentPort?.once('message', (order: Order) => perform(order, data, (message) => parentPort?.postMessage(message)));
}
