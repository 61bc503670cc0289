import { numLanes, type BackgroundLayout } from './background-program.ts';

/**
 * What `kernels/background-explainer.kernel.ts` computes, row by row, in the same order of addition: conditions on thresholds, then
 * the SHAP values that blocks and leaves add. Works at the addresses of the same memory.
 */
export function meetConditionsInTypeScript(buffer: ArrayBuffer, layout: BackgroundLayout): void {
  const segments = new Int32Array(buffer, layout.segments, layout.numSegments * 3);
  const values = new Float64Array(buffer, layout.values, layout.numFeatures * numLanes);
  const answers = new Uint8Array(buffer, layout.conditions);
  for (let segment = 0; segment < layout.numSegments; segment++) {
    const [feature, first, end] = segments.subarray(segment * 3);
    for (let condition = first; condition < end; condition++) {
      const [threshold] = new Float64Array(buffer, layout.thresholds + condition * 8, 1);
      const [ifMissing] = new Uint8Array(buffer, layout.defaultsLeft + condition, 1);
      for (let lane = 0; lane < numLanes; lane++) {
        const value = values[feature * numLanes + lane];
        answers[condition * numLanes + lane] = Number.isNaN(value) ? ifMissing : value <= threshold ? 255 : 0;
      }
    }
  }
}

export function addTablesInTypeScript(buffer: ArrayBuffer, layout: BackgroundLayout, numRows: number): void {
  const reader = new Reader(buffer, layout.blocks);
  for (let block = 0; block < layout.numBlocks; block++) {
    const [numTests, numFeatures, table] = [reader.word(), reader.word(), reader.word()];
    const tests = Array.from({ length: numTests }, () => reader.test());
    const places = Array.from({ length: numFeatures }, () => reader.word() / 8);
    for (let lane = 0; lane < numRows; lane++) {
      const state = tests.reduce((bits, passes, test) => (passes(lane) ? bits | (1 << test) : bits), 0);
      const line = new Float64Array(buffer, table + state * numFeatures * 8, numFeatures);
      const shapValues = new Float64Array(buffer, layout.shapValues + lane * layout.numFeatures * 8, layout.numFeatures);
      places.forEach((place, column) => (shapValues[place] += line[column]));
    }
  }
}

export function addLeavesInTypeScript(buffer: ArrayBuffer, layout: BackgroundLayout, numRows: number): void {
  const reader = new Reader(buffer, layout.leaves);
  const stride = layout.weightStride;
  const gains = new Float64Array(buffer, layout.gains, stride * stride);
  const losses = new Float64Array(buffer, layout.losses, stride * stride);
  for (let leaf = 0; leaf < layout.numLeaves; leaf++) {
    const [numTests, numGroups, data] = [reader.word(), reader.word(), reader.word()];
    const tests = Array.from({ length: numTests }, () => reader.test());
    const places = Array.from({ length: numTests }, () => reader.word() / 8);
    const masks = new BigUint64Array(buffer, data, numTests + 1);
    const weights = new Float64Array(buffer, data + masks.byteLength, numGroups);
    const startsAt = data + masks.byteLength + weights.byteLength;
    const starts = new Int32Array(buffer, startsAt, numGroups + 1);
    const features = new Int32Array(buffer, startsAt + starts.byteLength, starts[numGroups]);
    for (let lane = 0; lane < numRows; lane++) {
      const shapValues = new Float64Array(buffer, layout.shapValues + lane * layout.numFeatures * 8, layout.numFeatures);
      const missed = tests.flatMap((passes, test) => (passes(lane) ? [] : [test]));
      const candidates = missed.reduce((groups, test) => groups & masks[test + 1], masks[0]);
      let loss = 0;
      for (let group = 0; group < numGroups; group++) {
        if (((candidates >> BigInt(group)) & 1n) === 0n) continue;
        const onlyRow = features.subarray(starts[group], starts[group + 1]);
        loss += weights[group] * losses[onlyRow.length * stride + missed.length];
        const gain = weights[group] * gains[onlyRow.length * stride + missed.length];
        for (const place of onlyRow) shapValues[place / 8] += gain;
      }
      if (candidates !== 0n) for (const test of missed) shapValues[places[test]] -= loss;
    }
  }
}

/** Reads the words of a program one after the other. */
class Reader {
  readonly #buffer: ArrayBuffer;
  readonly #words: Uint32Array;
  #next = 0;

  constructor(buffer: ArrayBuffer, address: number) {
    this.#buffer = buffer;
    this.#words = new Uint32Array(buffer, address);
  }

  word(): number {
    return this.#words[this.#next++];
  }

  test(): (lane: number) => boolean {
    const edges = Array.from({ length: this.word() }, () => this.word());
    return (lane) =>
      edges.every((edge) => {
        const [answer] = new Uint8Array(this.#buffer, edge - (edge % 2) + lane, 1);
        return (answer === 255) === (edge % 2 === 1);
      });
  }
}
