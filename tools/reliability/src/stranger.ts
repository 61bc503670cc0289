import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Expected } from './history.ts';

const folder = fileURLToPath(new URL('../stranger/', import.meta.url));
const script = join(folder, 'stranger.py');
const requirements = join(folder, 'requirements.txt');
/** Beside the build output, ignored by git. */
const environment = fileURLToPath(new URL('../dist/stranger', import.meta.url));
const python = join(environment, 'bin/python');

/** A Python environment with the stranger's own Kafka client, made when what it needs changes. */
async function readyEnvironment(): Promise<void> {
  const wanted = readFileSync(requirements, 'utf8');
  const ready = join(environment, 'ready');
  if (existsSync(ready) && readFileSync(ready, 'utf8') === wanted) return;
  await promisify(execFile)('python3', ['-m', 'venv', environment]);
  await promisify(execFile)(python, ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '--requirement', requirements]);
  writeFileSync(ready, wanted);
}

/** What this machine lacks for the stranger, with its Debian packages; empty when it can be made. */
export const listMissingForStranger = (): readonly string[] =>
  spawnSync('python3', ['-c', 'import ensurepip, venv']).status === 0 ? [] : ['python3 with venv (python3, python3-venv)'];

/** A message as the stranger hands it to the broker. */
export interface StrangeMessage {
  /** Unique in the history. */
  readonly call: string;
  readonly subject: string;
  readonly expected: Expected;
  readonly topic: string;
  readonly key?: string;
  /** CloudEvents `source` and `id`, where the message has them. */
  readonly source?: string;
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly value: string | Uint8Array;
}

export interface StrangePublisher {
  /** Hands a message over; the history says what becomes of it. */
  publish(message: StrangeMessage): void;
  /** Messages whose delivery is still open. */
  readonly open: number;
  /** Calls that the broker did not acknowledge in time, since last asked. */
  takeUnknown(): readonly string[];
  /** Waits for the last acknowledgement, and ends. */
  close(): Promise<void>;
}

const acknowledgementSchema = z.object({ call: z.string(), isTaken: z.boolean() });

export async function startPublisher(brokers: string, historyFile: string): Promise<StrangePublisher> {
  await readyEnvironment();
  const child = spawn(python, ['-u', script, 'publish', brokers, historyFile], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let open = 0;
  let unknown: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { call, isTaken } = acknowledgementSchema.parse(JSON.parse(line));
    open -= 1;
    if (!isTaken) unknown.push(call);
  });
  return {
    publish: ({ value, ...message }) => {
      open += 1;
      const content = typeof value === 'string' ? { text: value } : { bytes: Buffer.from(value).toString('base64') };
      child.stdin.write(`${JSON.stringify({ ...message, ...content })}\n`);
    },
    get open() {
      return open;
    },
    takeUnknown: () => {
      const taken = unknown;
      unknown = [];
      return taken;
    },
    close: async () => {
      child.stdin.end();
      const [code] = await exited;
      if (code !== 0) throw new Error(`the stranger who publishes ended with ${String(code)}`);
    },
  };
}

export interface StrangeReader {
  /** Distinct applications seen on a topic so far. */
  countSeen(topic: string): number;
  hasSeen(topic: string, subject: string): boolean;
  close(): Promise<void>;
}

const seenSchema = z.union([z.object({ isReading: z.literal(true) }), z.object({ topic: z.string(), subject: z.string() })]);

/** Reads topics from now on; resolves once nothing that comes can be missed. */
export async function startReader(brokers: string, historyFile: string, topics: readonly string[]): Promise<StrangeReader> {
  await readyEnvironment();
  const child = spawn(python, ['-u', script, 'read', brokers, historyFile, ...topics], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const seen = new Map(topics.map((topic) => [topic, new Set<string>()]));
  const reading = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = seenSchema.parse(JSON.parse(line));
    if ('isReading' in message) reading.resolve();
    else seen.get(message.topic)?.add(message.subject);
  });
  void exited.then(([code]) => reading.reject(new Error(`the stranger who reads ended with ${String(code)}`)));
  await reading.promise;
  return {
    countSeen: (topic) => seen.get(topic)?.size ?? 0,
    hasSeen: (topic, subject) => seen.get(topic)?.has(subject) === true,
    close: async () => {
      child.stdin.end();
      const [code] = await exited;
      if (code !== 0) throw new Error(`the stranger who reads ended with ${String(code)}`);
    },
  };
}

const endsSchema = z.record(z.string(), z.array(z.object({ partition: z.number().int(), next: z.number().int() })));
export type TopicEnds = z.infer<typeof endsSchema>;

/** Where topics end now. */
export async function readEnds(brokers: string, topics: readonly string[]): Promise<TopicEnds> {
  await readyEnvironment();
  const { stdout } = await promisify(execFile)(python, [script, 'ends', brokers, ...topics]);
  return endsSchema.parse(JSON.parse(stdout));
}

/** Reads topics from given places to their ends into the history, as its last look. */
export async function lookAtTopics(brokers: string, historyFile: string, starts: TopicEnds): Promise<void> {
  await readyEnvironment();
  await promisify(execFile)(python, [script, 'look', brokers, historyFile, JSON.stringify(starts)]);
}
