/** Wakes whoever waits for a topic; a wake between a look and a wait is not lost, because the wait says what it had seen. */
export class TopicSignal {
  #version = 0;
  readonly #waiting = new Set<() => void>();

  get version(): number {
    return this.#version;
  }

  raise(): void {
    this.#version += 1;
    for (const wake of this.#waiting) wake();
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
