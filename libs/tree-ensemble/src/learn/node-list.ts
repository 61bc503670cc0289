import type { Tree } from '../tree-ensemble.ts';

/** What a node asks of a row: its feature's value at most `threshold`, or one of `categories` (a bitset, as in `Tree`). */
export interface NodeSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly categories: Uint32Array | null;
  readonly isDefaultLeft: boolean;
}

/** The tree under construction; a node is added after its parent. */
export class NodeList {
  readonly #leftChild: Int32Array;
  readonly #rightChild: Int32Array;
  readonly #splitFeature: Int32Array;
  readonly #threshold: Float64Array;
  readonly #defaultLeft: Uint8Array;
  readonly #leafValue: Float64Array;
  readonly #cover: Float64Array;
  readonly #categories = new Map<number, Uint32Array>();
  #count = 0;

  constructor(maxLeaves: number) {
    const maxNodes = 2 * maxLeaves - 1;
    this.#leftChild = new Int32Array(maxNodes).fill(-1);
    this.#rightChild = new Int32Array(maxNodes).fill(-1);
    this.#splitFeature = new Int32Array(maxNodes).fill(-1);
    this.#threshold = new Float64Array(maxNodes);
    this.#defaultLeft = new Uint8Array(maxNodes);
    this.#leafValue = new Float64Array(maxNodes);
    this.#cover = new Float64Array(maxNodes);
  }

  add(cover: number): number {
    this.#cover[this.#count] = cover;
    return this.#count++;
  }

  setSplit(node: number, { feature, threshold, categories, isDefaultLeft }: NodeSplit, leftChild: number, rightChild: number): void {
    this.#splitFeature[node] = feature;
    this.#threshold[node] = threshold;
    if (categories !== null) this.#categories.set(node, categories);
    this.#defaultLeft[node] = isDefaultLeft ? 1 : 0;
    this.#leftChild[node] = leftChild;
    this.#rightChild[node] = rightChild;
  }

  setLeafValue(node: number, value: number): void {
    this.#leafValue[node] = value;
  }

  toTree(): Tree {
    const tree: Tree = {
      leftChild: this.#leftChild.slice(0, this.#count),
      rightChild: this.#rightChild.slice(0, this.#count),
      splitFeature: this.#splitFeature.slice(0, this.#count),
      threshold: this.#threshold.slice(0, this.#count),
      defaultLeft: this.#defaultLeft.slice(0, this.#count),
      leafValue: this.#leafValue.slice(0, this.#count),
      cover: this.#cover.slice(0, this.#count),
    };
    if (this.#categories.size === 0) return tree;
    return { ...tree, categories: Array.from({ length: this.#count }, (_, node) => this.#categories.get(node) ?? null) };
  }
}
