/**
 * Which leaf's histogram stands where in a memory of so many of them. Where all are taken, the one of the leaf with the fewest rows is
 * forgotten: it is the cheapest to compute again.
 */
export class HistogramSlots {
  readonly #free: number[];
  readonly #ofLeaf = new Map<number, number>();
  readonly #numSlots: number;

  /** @param numSlots - 3 at least: a parent's, a child's and another's */
  constructor(numSlots: number) {
    this.#numSlots = numSlots;
    this.#free = [];
    this.clear();
  }

  clear(): void {
    this.#ofLeaf.clear();
    this.#free.length = 0;
    for (let slot = this.#numSlots - 1; slot >= 0; slot--) this.#free.push(slot);
  }

  /** Null where the leaf has none, or it was forgotten. */
  of(leaf: number): number | null {
    return this.#ofLeaf.get(leaf) ?? null;
  }

  /** A slot for the leaf; that of `kept` is not forgotten for it. */
  take(leaf: number, kept: number | null, numRowsOf: (leaf: number) => number): number {
    if (this.#free.length === 0) this.#forget(kept, numRowsOf);
    const slot = this.#free.pop();
    if (slot === undefined) throw new Error('there is no histogram to forget');
    this.#ofLeaf.set(leaf, slot);
    return slot;
  }

  release(leaf: number): void {
    const slot = this.#ofLeaf.get(leaf);
    if (slot !== undefined) this.#free.push(slot);
    this.#ofLeaf.delete(leaf);
  }

  /** Hands a leaf's slot to another leaf. */
  move(from: number, to: number): void {
    const slot = this.#ofLeaf.get(from);
    this.#ofLeaf.delete(from);
    if (slot !== undefined) this.#ofLeaf.set(to, slot);
  }

  #forget(kept: number | null, numRowsOf: (leaf: number) => number): void {
    let smallest = -1;
    for (const leaf of this.#ofLeaf.keys()) {
      if (leaf !== kept && (smallest < 0 || numRowsOf(leaf) < numRowsOf(smallest))) smallest = leaf;
    }
    this.release(smallest);
  }
}
