import type { OutboxRow } from './event-store.ts';

/** Wakes whoever waits for a topic; a wake between a look and a wait is not lost, because the wait says what it had seen. */
export class TopicSignal {
  #version = 0;
  readonly #waiting = new Set<() => void>();
  readonly #followers = new Set<TopicFollower>();

  get version(): number {
    return this.#version;
  }

  /** `rows` are the topic's newest, in the order of their commits. */
  raise(rows: readonly OutboxRow[]): void {
    this.#version += 1;
    for (const follower of this.#followers) follower.push(rows);
    for (const wake of this.#waiting) wake();
  }

  /** From now on the follower gets every row that is raised. */
  follow(): TopicFollower {
    const follower = new TopicFollower();
    this.#followers.add(follower);
    return follower;
  }

  unfollow(follower: TopicFollower): void {
    this.#followers.delete(follower);
  }

  /** Resolves on the first raise after `seen`, after `timeoutMs`, or on abort. */
  waitBeyond(seen: number, timeoutMs: number, abort: AbortSignal): Promise<void> {
    if (this.#version !== seen || abort.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        abort.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.add(done);
      abort.addEventListener('abort', done, { once: true });
    });
  }
}

/** Rows that wait for a slow consumer; past this many it reads them from the table, where they stand anyway. */
const maxHeld = 1_000;

/**
 * One consumer's copy of what is committed on its topic, so that it need not ask the table for what was in this process a
 * moment ago. It holds every row from some moment on, or it knows that it does not and the table has to be asked.
 */
export class TopicFollower {
  #rows: OutboxRow[] | null = null;

  /** Holds every row that is committed from now on. Call before the table is asked: nothing falls between the two. */
  begin(): void {
    this.#rows = [];
  }

  /** Something may be missing from here: the table has to be asked. */
  lose(): void {
    this.#rows = null;
  }

  push(rows: readonly OutboxRow[]): void {
    if (this.#rows === null) return;
    if (this.#rows.length + rows.length > maxHeld) this.lose();
    else this.#rows.push(...rows);
  }

  /** Up to `limit` rows from `next` on; null when the table has to be asked. What lies below `next` came from the table. */
  take(next: number, limit: number): readonly OutboxRow[] | null {
    if (this.#rows === null) return null;
    const waiting = this.#rows.filter(({ seq }) => seq >= next);
    this.#rows = waiting.slice(limit);
    return waiting.slice(0, limit);
  }
}

/** The next rows of a topic: those that were handed over, else those of the table. */
export const nextRows = async (
  follower: TopicFollower,
  next: number,
  limit: number,
  listFromTable: () => Promise<readonly OutboxRow[]>,
): Promise<readonly OutboxRow[]> => {
  const held = follower.take(next, limit);
  if (held !== null) return held;
  follower.begin();
  try {
    const rows = await listFromTable();
    // A full page: there may be more behind it that was committed before the follower began.
    if (rows.length === limit) follower.lose();
    return rows;
  } catch (error) {
    follower.lose();
    throw error;
  }
};
