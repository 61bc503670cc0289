import type { BackOff } from './back-off.ts';
import type { Broker, BrokerBatch, Reader } from './broker.ts';
import { replayConsumerHeader } from './broker-delivery.ts';
import type { Participant, Subscription } from './participant.ts';
import { pace } from './pace.ts';
import { receiveMessage } from './received-message.ts';

export interface TailConsumerOptions {
  readonly participant: Participant;
  readonly subscription: Subscription;
  readonly broker: Broker;
  /** This process's own: nobody else reads under it, and nothing is stored. */
  readonly groupId: string;
  readonly hasTopic: Promise<void>;
  readonly backOff: BackOff;
  readonly attachedAt: Date;
}

/** A round of fetching, under a steady load. */
const roundMs = 25;
/** A broker that could not be asked when this replica came: events that were written so long before are seen as well. */
const marginMs = 60_000;

/** Shows one replica every event of a topic from when it came on; nothing is stored, a failed event is logged and left behind. */
export class TailConsumer {
  readonly #options: TailConsumerOptions;
  readonly #next = new Map<number, number>();
  readonly #abort = new AbortController();
  #reader: Reader | null = null;
  #running: Promise<void> = Promise.resolve();
  #isPrepared = false;

  constructor(options: TailConsumerOptions) {
    this.#options = options;
  }

  get topic(): string {
    return this.#options.subscription.topic;
  }

  /** From here on no event escapes it. @throws Error when the broker does not answer */
  async prepare(): Promise<void> {
    for (const { partition, end } of await this.#options.broker.listRanges(this.topic)) this.#next.set(partition, end);
    this.#isPrepared = true;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#reader?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { broker, groupId, hasTopic, participant, backOff } = this.#options;
    await hasTopic;
    const stopped = Promise.withResolvers<null>();
    this.#abort.signal.addEventListener('abort', () => stopped.resolve(null));
    for (let nth = 1; !this.#abort.signal.aborted; nth += 1) {
      // A new group each time: in an old one the broker would first wait for the member that is gone.
      this.#reader = broker.openReader({
        groupId: `${groupId}.${nth}`,
        topic: this.topic,
        onAssigned: (partitions, signal) => this.#assigned(partitions, signal),
        onBatch: (batch) => this.#handle(batch),
        onPassed: (partition, next) => this.#next.set(partition, next),
      });
      const reason = await Promise.race([this.#reader.ended, stopped.promise]);
      if (reason === null) return;
      if (Number.isInteger(Math.log2(nth)))
        participant.log.warn({ topic: this.topic, failures: nth, error: String(reason) }, 'the broadcast reader ended; another takes its place');
      await this.#reader.stop({ abandon: true });
      await backOff(nth, this.#abort.signal);
    }
  }

  async #assigned(partitions: readonly number[], signal: AbortSignal): Promise<ReadonlyMap<number, number>> {
    const { broker, backOff, attachedAt } = this.#options;
    for (let failures = 1; ; failures += 1) {
      try {
        if (!this.#isPrepared) {
          for (const [partition, offset] of await broker.listOffsetsAt(this.topic, new Date(attachedAt.getTime() - marginMs)))
            this.#next.set(partition, offset);
          this.#isPrepared = true;
        }
        const ranges = new Map((await broker.listRanges(this.topic)).map((range) => [range.partition, range]));
        for (const partition of partitions) {
          const range = ranges.get(partition);
          if (range === undefined) throw new Error(`${this.topic}/${partition} is not known to the broker yet`);
          this.#next.set(partition, Math.min(Math.max(this.#next.get(partition) ?? range.begin, range.begin), range.end));
        }
        return new Map(partitions.map((partition) => [partition, this.#next.get(partition) ?? 0]));
      } catch (error) {
        if (signal.aborted) throw error;
        await backOff(failures, AbortSignal.any([signal, this.#abort.signal]));
        if (signal.aborted || this.#abort.signal.aborted) throw error;
      }
    }
  }

  async #handle({ partition, messages, next, signal }: BrokerBatch): Promise<boolean> {
    const startedAtMs = performance.now();
    const { participant, subscription } = this.#options;
    const { topic } = subscription;
    const events = messages
      // A replay is for the one consumer that had put the message aside.
      .filter(({ headers }) => headers[replayConsumerHeader] === undefined)
      .flatMap((message) => {
        const received = receiveMessage(topic, message.value, message);
        return received.kind === 'event' ? [received.event] : [];
      });
    try {
      if (events.length > 0) await subscription.handle({ events });
      participant.metrics.handled.inc({ topic, outcome: 'handled' }, events.length);
    } catch (error) {
      participant.log.warn({ topic, error: String(error) }, 'a broadcast was not handled; the owner’s present state will heal it');
    }
    this.#next.set(partition, next);
    await pace(roundMs, startedAtMs, messages.length, AbortSignal.any([signal, this.#abort.signal]));
    return true;
  }
}
