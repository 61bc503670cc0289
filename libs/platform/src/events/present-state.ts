import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { EventLog } from './participant.ts';

/** A broadcast may be missed; the owner's present state is read again this often, so that it heals. */
const healIntervalMs = 30_000;

/**
 * A broadcast reader that stays current: it reads the owner's present state at its start, whenever its subscription calls
 * `follow`, and every 30 s. A state that cannot be read is logged and leaves the previous one in force.
 */
export abstract class PresentStateFollower implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log: EventLog;
  #timer: NodeJS.Timeout | undefined;
  #following: Promise<void> = Promise.resolve();

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Reads the owner's state; returns what to log when it has changed, null when it has not. */
  protected abstract refresh(): Promise<{ readonly fields: Readonly<Record<string, unknown>>; readonly message: string } | null>;

  /** What is said when the state cannot be read. */
  protected abstract readonly failure: string;

  async onApplicationBootstrap(): Promise<void> {
    this.#timer = setInterval(() => void this.follow(), healIntervalMs);
    this.#timer.unref();
    await this.follow();
  }

  /** Resolves when no reading is in hand: what it reads from may close. */
  onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    return this.#following;
  }

  /** One reading at a time: an event and the timer may meet, and the slower of two would leave the older state in force. */
  protected follow(): Promise<void> {
    this.#following = this.#following.then(() => this.#read());
    return this.#following;
  }

  async #read(): Promise<void> {
    try {
      const change = await this.refresh();
      if (change !== null) this.#log.info(change.fields, change.message);
    } catch (error) {
      this.#log.error({ err: error }, this.failure);
    }
  }
}
