import { setImmediate as turn } from 'node:timers/promises';
import type { Broker, BrokerBatch, PartitionRange, Reader } from './broker.ts';
import { deliverMessage } from './broker-delivery.ts';
import type { Delivery } from './delivery.ts';
import { PositionMovedError } from './event-store.ts';
import { pace } from './pace.ts';
import { SharedHandling, pauseCodeOf } from './shared.handling.ts';
import type { SharedHandlingOptions } from './shared.handling.ts';

/** Whether the next batch of a topic is to hang for ever: how a test makes a consumer stall. */
export type StallPoint = (topic: string) => boolean;

export interface GroupConsumerOptions extends SharedHandlingOptions {
  readonly broker: Broker;
  readonly groupId: string;
  /** Resolves when the topic is there. */
  readonly hasTopic: Promise<void>;
  readonly stallPoint: StallPoint;
  readonly watch: WatchSettings;
}

export interface WatchSettings {
  /** How often progress is looked at. */
  readonly everyMs: number;
  /** Events that wait so long before a consumer that does not move have it replaced. */
  readonly stalledAfterMs: number;
}

/** The broker does not hold what comes next: nothing can be read without losing events or handling them a second time. */
export class PositionLostError extends Error {
  override readonly name = 'PositionLostError';
}

/** Events in one transaction: large, since the fixed cost of one is that of some ten events. */
const maxTogether = 400;
/** A round of fetching and handling, under a steady load. */
const roundMs = 25;
/** As many replacements in a row without an event handled, and the process is not alive. */
const maxFruitless = 3;
/** A stored position beyond the broker's end is looked at so often before it is believed: a broker may not have all its partitions yet. */
const endChecks = 8;

interface Batch {
  readonly deliveries: readonly Delivery[];
  readonly partition: number;
  readonly signal: AbortSignal;
  readonly resolve: (isDone: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One topic for one service from a broker, one replica an event. The position stored in the service's database is the truth: at every
 * assignment it is read, and reading begins there; what the group has committed at the broker is for tools that show lag.
 */
export class GroupConsumer {
  readonly #options: GroupConsumerOptions;
  #reading: Reading | null = null;
  #running: Promise<void> = Promise.resolve();
  #watching: NodeJS.Timeout | undefined;
  #isStopped = false;
  #hasLost = false;
  #fruitless = 0;

  constructor(options: GroupConsumerOptions) {
    this.#options = options;
  }

  get topic(): string {
    return this.#options.subscription.topic;
  }

  /** False when the stored position is lost, or when replacing the consumer has not helped. */
  get isAlive(): boolean {
    return !this.#hasLost && this.#fruitless < maxFruitless;
  }

  start(): void {
    this.#running = this.#run();
    this.#watching = setInterval(() => void this.#watch().catch(() => undefined), this.#options.watch.everyMs).unref();
  }

  /** Events before the partitions that are this replica's. @throws Error when the broker does not answer */
  async countLag(): Promise<number> {
    const { broker } = this.#options;
    return this.#reading?.countLag(await broker.listRanges(this.topic)) ?? 0;
  }

  /** Stops fetching, finishes the batch in hand, tells the group where it stands, and leaves it. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#watching);
    await this.#reading?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { participant, backOff, hasTopic, stallPoint } = this.#options;
    const { topic } = this;
    await hasTopic;
    for (let failures = 0; !this.#isStopped;) {
      const reading = new Reading(this.#options, stallPoint);
      this.#reading = reading;
      const reason = await reading.over;
      if (reason === null) return;
      if (reading.hasMoved) failures = 0;
      if (reason instanceof PositionLostError) {
        this.#hasLost = true;
        participant.metrics.stopped.set({ topic }, 1);
        participant.log.error(
          { topic, error: reason.message },
          'CONSUMER STOPPED: its stored position is not at the broker; a person has to decide where it goes on',
        );
        await reading.abandon();
        return;
      }
      failures += 1;
      if (Number.isInteger(Math.log2(failures)))
        participant.log.warn({ topic, failures, error: String(reason) }, 'the consumer ended; another takes its place');
      await reading.abandon();
      await backOff(failures, AbortSignal.any([]));
    }
  }

  /** Replaces a consumer that is silent, or that does not move while events wait and nothing that it needs is away. */
  async #watch(): Promise<void> {
    const { broker, watch, participant } = this.#options;
    const { topic } = this;
    const reading = this.#reading;
    if (reading === null || this.#hasLost || this.#isStopped) return;
    await reading.commitGroup();
    if (reading.hasMoved) this.#fruitless = 0;
    const now = performance.now();
    const isSilent = now - reading.lastSignMs > watch.stalledAfterMs;
    if (!isSilent && (reading.isPaused || now - reading.movedAtMs < watch.stalledAfterMs)) return;
    // A broker that is away is no stall: then this throws, and nothing is replaced.
    const lag = reading.countLag(await broker.listRanges(topic));
    if (!isSilent && lag === 0) return;
    if (this.#reading !== reading) return;
    this.#fruitless += 1;
    participant.metrics.replaced.inc({ topic });
    participant.log.error({ topic, isSilent, replacements: this.#fruitless }, 'CONSUMER STALLED: events wait and it does not move; it is replaced');
    reading.end(new Error('stalled'));
  }
}

/** One member of the group from its opening to its end, with what it knows of its partitions. */
class Reading {
  readonly #options: GroupConsumerOptions;
  readonly #handling: SharedHandling;
  readonly #reader: Reader;
  readonly #stallPoint: StallPoint;
  readonly #over = Promise.withResolvers<Error | null>();
  /** Partitions that are this member's, each with the offset below which it knows of no event that waits. */
  #passed = new Map<number, number>();
  #waiting: Batch[] = [];
  #working: Promise<void> | null = null;
  #isPaused = false;
  #hasMoved = false;
  #movedAtMs = performance.now();

  constructor(options: GroupConsumerOptions, stallPoint: StallPoint) {
    this.#options = options;
    this.#stallPoint = stallPoint;
    this.#handling = new SharedHandling(options);
    this.#reader = options.broker.openReader({
      groupId: options.groupId,
      topic: options.subscription.topic,
      onAssigned: (partitions, signal) => this.#assigned(partitions, signal),
      onBatch: (batch) => this.#take(batch),
      onPassed: (partition, next) => this.#pass(partition, next),
    });
    void this.#reader.ended.then((error) => this.end(error));
  }

  /** Resolves with why it ended by itself; null when it was stopped. */
  get over(): Promise<Error | null> {
    return this.#over.promise;
  }

  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  /** When it last handled anything, or was assigned anew. */
  get movedAtMs(): number {
    return this.#movedAtMs;
  }

  get lastSignMs(): number {
    return this.#reader.lastSignMs;
  }

  /** Whether it waits for something that is away, and says so itself. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  countLag(ranges: readonly PartitionRange[]): number {
    return ranges.reduce((sum, { partition, end }) => {
      const passed = this.#passed.get(partition);
      return passed === undefined ? sum : sum + Math.max(0, end - passed);
    }, 0);
  }

  commitGroup(): Promise<void> {
    return this.#reader.commit(this.#positions());
  }

  /** Ends it as if by itself. */
  end(error: Error): void {
    this.#over.resolve(error);
  }

  async stop(): Promise<void> {
    this.#handling.stop();
    await this.#working;
    await this.commitGroup();
    await this.#reader.stop();
    this.#over.resolve(null);
  }

  /** Leaves whatever is in hand to itself: if it ever comes to a commit, the position tells that it is too late. */
  async abandon(): Promise<void> {
    this.#handling.stop();
    await this.#reader.stop({ abandon: true });
  }

  #positions(): ReadonlyMap<number, number> {
    return new Map([...this.#passed.keys()].map((partition) => [partition, this.#handling.nextOf(partition)]));
  }

  #pass(partition: number, next: number): void {
    if (next > (this.#passed.get(partition) ?? Infinity)) this.#passed.set(partition, next);
  }

  /** However long the database is away: meanwhile nothing is fetched. */
  async #assigned(partitions: readonly number[], signal: AbortSignal): Promise<ReadonlyMap<number, number>> {
    const { participant, backOff, own, broker, subscription } = this.#options;
    const { topic } = subscription;
    this.#passed = new Map();
    if (partitions.length === 0) return new Map();
    for (let failures = 1; ; failures += 1) {
      try {
        const ranges = new Map((await broker.listRanges(topic)).map((range) => [range.partition, range]));
        const begins = new Map(partitions.map((partition) => [partition, ranges.get(partition)?.begin ?? 0]));
        const positions = await own.getOrCreatePositions(topic, begins);
        checkPositions(topic, positions, ranges, failures);
        for (const [partition, next] of positions) this.#handling.standAt(partition, next);
        this.#passed = new Map(positions);
        this.#movedAtMs = performance.now();
        this.#isPaused = false;
        participant.log.info({ topic, positions: Object.fromEntries(positions) }, 'reads from its stored positions');
        return positions;
      } catch (error) {
        if (error instanceof PositionLostError || signal.aborted) throw error;
        this.#isPaused = true;
        if (Number.isInteger(Math.log2(failures)))
          participant.log.warn({ topic, failures, error: String(error) }, 'positions not readable; trying again');
        await backOff(failures, AbortSignal.any([signal, this.#handling.signal]));
        if (signal.aborted || this.#handling.isStopped) throw error;
      }
    }
  }

  #take({ partition, messages, signal }: BrokerBatch): Promise<boolean> {
    const { participant, subscription, crashPoint } = this.#options;
    if (this.#handling.isStopped) return Promise.resolve(false);
    crashPoint('after-receive');
    const deliveries = messages.map((message) => deliverMessage(subscription.topic, partition, message, participant.service));
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#waiting.push({ deliveries, partition, signal, resolve, reject });
    this.#working ??= this.#work().finally(() => (this.#working = null));
    return promise;
  }

  /** What one fetch brought for several partitions goes together. */
  async #work(): Promise<void> {
    await turn();
    while (this.#waiting.length > 0) {
      const batches = this.#waiting;
      this.#waiting = [];
      const startedAtMs = performance.now();
      try {
        if (this.#stallPoint(this.#options.subscription.topic)) await new Promise(() => undefined);
        for (const chunk of chunksOf(batches.flatMap(({ deliveries }) => deliveries))) await this.#handle(chunk, batches);
        // The next fetch begins once these are resolved.
        const events = batches.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
        await pace(roundMs, startedAtMs, events, AbortSignal.any([this.#handling.signal, ...batches.map(({ signal }) => signal)]));
        for (const batch of batches) batch.resolve(this.#isDone(batch));
      } catch (error) {
        for (const batch of batches) batch.reject(error);
      }
    }
  }

  #isDone({ deliveries, partition }: Batch): boolean {
    const last = deliveries.at(-1);
    return last === undefined || this.#handling.nextOf(partition) > last.offset;
  }

  /** Until all of it is done, or its partitions are about to go elsewhere. A dependency that is away is waited for. */
  async #handle(chunk: readonly Delivery[], batches: readonly Batch[]): Promise<void> {
    const mustEnd = (): boolean => this.#handling.isStopped || batches.some(({ signal }) => signal.aborted);
    for (let failures = 0; !mustEnd();) {
      const todo = chunk.filter(({ partition, offset }) => offset >= this.#handling.nextOf(partition));
      if (todo.length === 0) return;
      try {
        await this.#handling.handle(todo);
        this.#isPaused = false;
        this.#note(chunk);
      } catch (error) {
        failures += 1;
        await this.#pause(error, failures, chunk);
      }
    }
  }

  #note(chunk: readonly Delivery[]): void {
    for (const { partition } of chunk) this.#pass(partition, this.#handling.nextOf(partition));
    this.#hasMoved = true;
    this.#movedAtMs = performance.now();
  }

  /** The stored position is the truth after anything that went wrong. @throws Error when it lies before what was fetched */
  async #pause(error: unknown, failures: number, chunk: readonly Delivery[]): Promise<void> {
    const { participant, own, backOff, subscription } = this.#options;
    const { topic } = subscription;
    if (!(error instanceof PositionMovedError)) {
      this.#isPaused = true;
      // At the first, second, fourth, … failure: a dependency that is away for an hour is not worth an hour of lines.
      if (Number.isInteger(Math.log2(failures)))
        participant.log.warn({ topic, failures, code: pauseCodeOf(error) }, 'paused: something needed is not there');
      await backOff(failures, this.#handling.signal);
    }
    const before = this.#positions();
    const partitions = [...new Set(chunk.map(({ partition }) => partition))];
    let positions: ReadonlyMap<number, number>;
    try {
      positions = await own.getPositions(topic, partitions);
    } catch (unreadable) {
      participant.log.warn({ topic, error: String(unreadable) }, 'position not readable');
      return;
    }
    for (const [partition, next] of positions) {
      if (next < (before.get(partition) ?? 0)) throw new Error(`the stored position of ${topic}/${partition} was set back to ${next}`);
      this.#handling.standAt(partition, next);
      this.#pass(partition, next);
    }
  }
}

/** A replay goes alone: beside the message that it repeats, the two would look like one event. */
const chunksOf = (deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] => {
  const chunks: Delivery[][] = [];
  let isOpen = false;
  for (const delivery of deliveries) {
    const isAlone = delivery.enteredAs !== undefined;
    const last = chunks.at(-1);
    if (isAlone || !isOpen || last === undefined || last.length === maxTogether) chunks.push([delivery]);
    else last.push(delivery);
    isOpen = !isAlone;
  }
  return chunks;
};

/** @throws PositionLostError when the oldest message that was not handled is gone, or the broker ends before what was handled; Error at first for the latter */
const checkPositions = (
  topic: string,
  positions: ReadonlyMap<number, number>,
  ranges: ReadonlyMap<number, PartitionRange>,
  attempt: number,
): void => {
  for (const [partition, next] of positions) {
    const range = ranges.get(partition);
    if (range === undefined) throw new Error(`${topic}/${partition} is not known to the broker yet`);
    const place = `${topic}/${partition}: position ${next}, at the broker ${range.begin} to ${range.end}`;
    if (next < range.begin) throw new PositionLostError(`${place}: events were deleted before they were handled`);
    if (next > range.end) {
      if (attempt < endChecks) throw new Error(place);
      throw new PositionLostError(`${place}: the broker has lost events that were handled`);
    }
  }
};
