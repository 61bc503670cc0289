/** The room's one door to threads. */
/// <reference types="node" />
import { MessageChannel, parentPort, Worker, workerData, type MessagePort } from 'node:worker_threads';

/** A thread that was started. */
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

/** One end of a line between two threads. */
export type LineEnd = MessagePort;

/** A line on which two threads talk without whoever started them, who would keep what passes. */
export function createLine(): readonly [LineEnd, LineEnd] {
  const { port1, port2 } = new MessageChannel();
  return [port1, port2];
}

interface Given {
  readonly data: unknown;
  readonly lines: readonly LineEnd[];
}

/** Starts a thread that runs a module of this room; `data` must be plain, or shared memory. It gets the line ends for its own. */
export function startThread<Order, Reply>(script: URL, data: unknown, lines: readonly LineEnd[], listener: ThreadListener<Reply>): Thread<Order> {
  const given: Given = { data, lines };
  // Threads run TypeScript sources as the process does: stripped by Node.
  const worker = new Worker(script, { workerData: given, transferList: [...lines], execArgv: ['--no-warnings'] });
  worker.on('message', (reply: Reply) => listener.onReply(reply));
  worker.on('error', (error) => listener.onEnd(error, Reflect.get(error, 'code') === 'ERR_WORKER_OUT_OF_MEMORY'));
  worker.on('messageerror', (error) => listener.onEnd(error, false));
  worker.on('exit', (code) => listener.onEnd(code === 0 ? null : new Error(`it ended with code ${code}`), false));
  return {
    send: (order) => worker.postMessage(order),
    end: async () => void (await worker.terminate()),
  };
}

/** What a thread's module knows of the outside. */
export interface Outside<Data, Order, Reply> {
  readonly data: Data;
  readonly lines: readonly LineEnd[];
  /** Waits for the one order. */
  onOrder(perform: (order: Order) => void): void;
  reply(message: Reply): void;
}

// oxlint-disable-next-line no-unnecessary-type-parameters -- they name the types on both sides of the door, where nothing else does
export function lookOutside<Data, Order, Reply>(): Outside<Data, Order, Reply> {
  return {
    data: workerData.data,
    lines: workerData.lines,
    onOrder: (perform) => parentPort?.once('message', perform),
    reply: (message) => parentPort?.postMessage(message),
  };
}

/** Sends to the thread at the other end. */
export function sendOn(line: LineEnd, message: unknown): void {
  line.postMessage(message);
}

/** Waits for the one message from the other end, then hangs up. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- as above
export function receiveOn<Message>(line: LineEnd, perform: (message: Message) => void): void {
  line.once('message', (message: Message) => {
    line.close();
    perform(message);
  });
}
