interface Waiting<Input, Output> {
  readonly input: Input;
  resolve(output: Output): void;
  reject(error: unknown): void;
}

/**
 * One piece of work for all who come at the same time, as a group commit: whoever comes before the work takes its inputs goes with it,
 * whoever comes later goes with the next, and a single caller waits for nobody. A group that fails is done again one by one, so that
 * nobody fails for another's fault.
 */
export class Grouped<Input, Output> {
  readonly #work: (take: () => readonly Input[]) => Promise<readonly Output[]>;
  readonly #maxGroup: number;
  #waiting: Waiting<Input, Output>[] = [];
  #isRunning = false;

  /**
   * `work` takes its inputs, once, as late as it can (in a transaction: when it is open), and answers one output an input, in their
   * order; it leaves nothing behind when it throws.
   */
  constructor(work: (take: () => readonly Input[]) => Promise<readonly Output[]>, maxGroup = 100) {
    this.#work = work;
    this.#maxGroup = maxGroup;
  }

  submit(input: Input): Promise<Output> {
    const { promise, resolve, reject } = Promise.withResolvers<Output>();
    this.#waiting.push({ input, resolve, reject });
    if (!this.#isRunning) {
      this.#isRunning = true;
      // Not at once: requests that arrived together are read one after the other in this turn of the event loop.
      setImmediate(() => void this.#run());
    }
    return promise;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      let group: readonly Waiting<Input, Output>[] = [];
      const take = (): readonly Waiting<Input, Output>[] => {
        if (group.length === 0) group = this.#waiting.splice(0, this.#maxGroup);
        return group;
      };
      await this.#settle(take);
    }
    this.#isRunning = false;
  }

  async #settle(take: () => readonly Waiting<Input, Output>[]): Promise<void> {
    try {
      const outputs = await this.#work(() => take().map(({ input }) => input));
      const group = take();
      if (outputs.length !== group.length) throw new Error(`the work answered ${outputs.length} of ${group.length} inputs`);
      for (const [index, output] of outputs.entries()) group[index]?.resolve(output);
    } catch (error) {
      const group = take();
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await this.#settle(() => [one]);
    }
  }
}
