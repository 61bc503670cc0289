import { appendFileSync, createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/**
 * What happened in one run, in an append-only file, one JSON line an entry. Several processes append to it (a line is one
 * write on a descriptor opened for appending, so lines never mix); the checker decides from this file alone.
 */
const moment = {
  /** Milliseconds of the machine's monotonic clock (CLOCK_MONOTONIC), the same for every process of one boot. */
  at: z.number(),
  /** Who wrote the line: `callers`, `stranger`, `reader`, `faults`, `last-look`, … */
  process: z.string(),
};
const partitionOffset = { partition: z.number().int(), offset: z.number().int() };

/** What is expected of a message or a call: a decision, a refusal at the door, or a dead letter with this reason. */
const expectedSchema = z.union([z.literal('decision'), z.literal('refusal'), z.object({ deadLetter: z.string() })]);
export type Expected = z.infer<typeof expectedSchema>;

export const historyEntrySchema = z.discriminatedUnion('kind', [
  z.object({ ...moment, kind: z.literal('run'), scenario: z.string(), seed: z.number().int(), prefix: z.string(), startedAt: z.iso.datetime() }),
  /** Where a topic ended before the run: what lies below belongs to others. */
  z.object({
    ...moment,
    kind: z.literal('topic-start'),
    topic: z.string(),
    partitions: z.array(z.object({ partition: z.number().int(), next: z.number().int() })),
  }),
  /** Something was asked: a message handed to the broker (`publish`), or a call to the door that waits for its answer. */
  z.object({
    ...moment,
    kind: z.literal('invoke'),
    call: z.string(),
    action: z.enum(['publish', 'submit', 'read']),
    /** What it is about; of a broken message, a name of ours that occurs nowhere in it. */
    subject: z.string(),
    expected: expectedSchema,
    /** Topic or gateway. */
    to: z.string(),
    /** CloudEvents `source` and `id` of a message that has them. */
    source: z.string().optional(),
    id: z.string().optional(),
  }),
  /**
   * How it ended. `ok`: acknowledged by the broker, or answered explained by the door. `refused`: the door said that it
   * never will be. `unfinished`: the door answered, and not yet with an explanation. `unknown`: nobody can tell.
   */
  z.object({
    ...moment,
    kind: z.literal('answer'),
    call: z.string(),
    outcome: z.enum(['ok', 'refused', 'unfinished', 'unknown']),
    partition: z.number().int().optional(),
    offset: z.number().int().optional(),
    status: z.number().int().optional(),
    decision: z.string().optional(),
    probabilityOfDefault: z.number().optional(),
    error: z.string().optional(),
  }),
  /** A message on a topic of ours, as somebody read it. */
  z.object({
    ...moment,
    kind: z.literal('event'),
    topic: z.string(),
    ...partitionOffset,
    /** Broker's time stamp, ms since 1970. */
    writtenAt: z.number(),
    source: z.string(),
    id: z.string(),
    key: z.string(),
    subject: z.string(),
    /** When its writer says that it happened, ms since 1970. */
    happenedAt: z.number(),
    /** SHA-256 of the whole message. */
    hash: z.string(),
    decision: z.string().optional(),
    probabilityOfDefault: z.number().optional(),
    deadLetter: z
      .object({
        reason: z.string(),
        consumer: z.string(),
        attempts: z.number().int(),
        origin: z.object({ topic: z.string(), ...partitionOffset, source: z.string().nullable(), id: z.string().nullable() }),
      })
      .optional(),
  }),
  /** An identifier that a live stream of a gateway announced. */
  z.object({ ...moment, kind: z.literal('heard'), stream: z.string(), topic: z.string(), subject: z.string() }),
  /** A live stream was opened or came to its end. */
  z.object({ ...moment, kind: z.literal('listening'), stream: z.string(), gateway: z.string(), isOpen: z.boolean() }),
  /** Something was done to the platform or happened to it. */
  z.object({
    ...moment,
    kind: z.literal('fault'),
    fault: z.enum(['kill', 'crash', 'stop', 'continue', 'start', 'scale', 'end']),
    target: z.string(),
    pid: z.number().int().nullable(),
    detail: z.string().optional(),
  }),
  /** A row of a table, read once everything was quiet. */
  z.object({
    ...moment,
    kind: z.literal('row'),
    table: z.enum(['application', 'decision', 'explanation']),
    subject: z.string(),
    count: z.number().int(),
    decision: z.string().optional(),
    probabilityOfDefault: z.number().optional(),
  }),
  /** A topic was read from where the run began to its last message; `low` is the first that was there to be read. */
  z.object({
    ...moment,
    kind: z.literal('topic-read'),
    topic: z.string(),
    partitions: z.array(z.object({ partition: z.number().int(), low: z.number().int(), high: z.number().int() })),
  }),
  /** A table was read whole. */
  z.object({ ...moment, kind: z.literal('table-read'), table: z.enum(['application', 'decision', 'explanation']), rows: z.number().int() }),
  /** A measurement of a moment: memory, lag, an alert. */
  z.object({ ...moment, kind: z.literal('sample'), name: z.string(), target: z.string(), value: z.number() }),
  z.object({ ...moment, kind: z.literal('end') }),
]);
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export type EntryOf<K extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: K }>;

/** What a writer gives: the moment is added. */
type Unstamped<E> = E extends HistoryEntry ? Omit<E, 'at' | 'process'> : never;

/** Milliseconds of CLOCK_MONOTONIC, comparable between processes of one machine. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** Appends to a history under one process's name. */
export interface Recorder {
  readonly file: string;
  record(entry: Unstamped<HistoryEntry>): void;
  as(processName: string): Recorder;
}

/** One write a line, synchronously: what was recorded stands in the file before anything else happens. */
export const createRecorder = (file: string, processName: string): Recorder => ({
  file,
  record: (entry) => appendFileSync(file, `${JSON.stringify({ at: monotonicMs(), process: processName, ...entry })}\n`),
  as: (other) => createRecorder(file, other),
});

/** Reads a history back. @throws Error naming the first line that is not an entry; a last line cut short is one */
export async function readHistory(file: string): Promise<readonly HistoryEntry[]> {
  if (!existsSync(file)) throw new Error(`there is no history at ${file}`);
  const entries: HistoryEntry[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text === '') continue;
    const parsed = historyEntrySchema.safeParse(parseJson(text));
    if (!parsed.success)
      throw new Error(
        `line ${line} of ${file} is no entry: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
      );
    entries.push(parsed.data);
  }
  return entries;
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
