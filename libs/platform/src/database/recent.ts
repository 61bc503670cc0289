/**
 * What was recorded a moment ago and will be asked for next, by its key. For records that never change: whatever is found here is what
 * the database holds. Remember only what is committed (`UnitOfWork.afterCommit`); the oldest is given up first.
 */
export class Recent<Value> {
  readonly #capacity: number;
  readonly #values = new Map<string, Value>();

  constructor(capacity = 1_000) {
    this.#capacity = capacity;
  }

  remember(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#capacity) return;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
  }

  find(key: string): Value | undefined {
    return this.#values.get(key);
  }
}
