/**
 * The memory that all members of a training share, and what stands where in it. Kernels and TypeScript read and write the same bytes;
 * whoever does a part of the work finds its inputs here and leaves its results here.
 */
import { TreeEnsembleError } from '../errors.ts';

/** Everything that decides how much memory a training takes. Plain data: sent to other threads. */
export interface TrainingShape {
  readonly numRows: number;
  readonly numFeatures: number;
  /** At most; category columns included. */
  readonly maxColumns: number;
  readonly maxLeaves: number;
  /** Greatest number of words in the bitset of a category split; 0 where no feature is one of categories. */
  readonly wordsPerCategorySet: number;
  /** Some feature's categories stand in several columns. */
  readonly hasWideCategories: boolean;
  readonly isWeighted: boolean;
  /** Some rows are left out of each tree. */
  readonly isBagged: boolean;
  /** Rows that bins are found on. */
  readonly numSampled: number;
  readonly numValidationRows: number;
  readonly isValidationWeighted: boolean;
  readonly numMembers: number;
}

export const binsPerLane = 256;
/** A feature's thresholds are searched run by run: after them stands the last one of each run of so many. */
export const thresholdsPerRun = 16;
export const thresholdBytes = (binsPerLane + thresholdsPerRun) * 4;
export const maxLanesPerUnit = 32;
export const bytesPerSum = 8;
/** Of one lane in the scratch histogram. */
export const laneBytes = binsPerLane * bytesPerSum;
export const rowsPerTile = 2048;
/** Rows that are claimed at a time, and summed on their own: sums do not depend on who claims what. Even. */
export const rowsPerBlock = 8192;
/** Features that bins are found for at a time. */
export const featuresPerClaim = 8;
/** Of the record in which a column's best split is left. */
export const recordBytes = 64;
export const wordsPerColumn = 8;
const bytesPerPage = 65_536;
const maxPages = 65_536;
const valuesPerBlock = 65_536;
/** Histograms of leaves that may still be split; beyond this, some are forgotten and computed again. */
const histogramBudgetBytes = 2 ** 29;

/** Addresses, in bytes. */
export interface TrainingLayout {
  /** Words of the barrier, the claims and the phase; see crew.ts. */
  readonly control: number;
  /** Doubles: what a phase is told; see `parameter`. */
  readonly parameters: number;
  /** By feature: a word with its number of value bins (0 = unused), then one with 1 where some value is missing. */
  readonly features: number;
  /** By feature: 256 float32 thresholds and the last of each run; `thresholdBytes`. */
  readonly thresholds: number;
  /** By column: `wordsPerColumn` words. */
  readonly columns: number;
  readonly numColumnsWord: number;
  /** By column: 1 where the current tree may use it. */
  readonly selected: number;
  /** By side of the current split and column: 1 where that leaf may use it. */
  readonly searchable: number;
  /** By side and column: the record of its best split. */
  readonly records: number;
  /** By code of the current split's lane: 1 left, 2 missing. */
  readonly answers: number;
  /** By row, where the current split's feature stands in several columns; 0 where none does. */
  readonly answersByRow: number;
  /** By member: its counts of a parting. */
  readonly partCounts: number;
  readonly labels: number;
  readonly weights: number;
  readonly margins: number;
  readonly pairs: number;
  readonly packed: number;
  readonly rows: number;
  readonly goneLeft: number;
  readonly goneRight: number;
  /** By block of rows: two doubles; then by block the packed total. */
  readonly blockSums: number;
  readonly blockTotals: number;
  /** By chunk of a leaf's rows: words leaf, start, count; and two doubles. */
  readonly chunks: number;
  readonly chunkSums: number;
  readonly leafValues: number;
  readonly tree: number;
  /** By node: what `walkCodes` reads, four words, and an answer for each code. */
  readonly walkNodes: number;
  readonly walkAnswers: number;
  readonly sample: number;
  readonly validationLabels: number;
  readonly validationWeights: number;
  readonly validationMargins: number;
  readonly validationSums: number;
  /** By member. */
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly histograms: number;
  readonly histogramBytes: number;
  /** Also where bins are found, before there are codes. */
  readonly codes: number;
  readonly sortBytes: number;
  readonly rowsPerValueBlock: number;
  readonly numBytes: number;
}

const tileEnd = maxLanesPerUnit * (laneBytes + rowsPerTile) + rowsPerTile * bytesPerSum;

/** Of one member's scratch, from its start. */
export const scratchOffset = {
  sums: 0,
  tile: maxLanesPerUnit * laneBytes,
  tilePacked: maxLanesPerUnit * (laneBytes + rowsPerTile),
  laneSums: tileEnd,
  leaves: tileEnd + laneBytes,
  result: tileEnd + laneBytes + 128,
  picks: tileEnd + laneBytes + 192,
  digits: tileEnd + laneBytes + 256,
  values: tileEnd + laneBytes + 256 + 3 * 8192,
} as const;

/** What a phase is told, by position among the parameters. */
export const parameter = {
  leafStart: 0,
  leafCount: 1,
  isEveryRow: 2,
  smallerSlot: 3,
  /** -1 where the smaller leaf's histogram is all that is wanted. */
  parentSlot: 4,
  slotBytes: 5,
  perGradient: 6,
  perHessian: 7,
  keyHigh: 8,
  keyLow: 9,
  gradientUnit: 10,
  hessianUnit: 11,
  numPositions: 12,
  isBagged: 13,
  numChunks: 14,
  codesAddress: 15,
  codesStride: 16,
  /** By side: whether to search, gradient, hessian, rows, lower and upper bound. */
  sides: 24,
} as const;
export const parametersPerSide = 8;

export function layOut(shape: TrainingShape): TrainingLayout {
  const { numRows, numFeatures, maxColumns, maxLeaves, numMembers, numValidationRows } = shape;
  let end = 0;
  const take = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const numBlocks = Math.ceil(numRows / rowsPerBlock);
  const numNodes = 2 * maxLeaves - 1;
  const rowsPerValueBlock = Math.max(1, Math.min(numRows, Math.floor(valuesPerBlock / numFeatures)));
  const histogramBytes = maxColumns * laneBytes;
  const numHistograms = Math.min(maxLeaves + 1, Math.max(4, Math.floor(histogramBudgetBytes / histogramBytes)));
  const sortBytes = (featuresPerClaim + 2) * shape.numSampled * 4;
  // Lanes come in eights at least, and each unit of them starts on a cache line.
  const codesBytes = Math.ceil(maxColumns / 8) * (numRows * 8 + 64);
  const scratchBytes = Math.ceil((scratchOffset.values + rowsPerValueBlock * numFeatures * 4) / 64) * 64;
  return {
    control: take(1024),
    parameters: take(1024),
    features: take(numFeatures * 8),
    thresholds: take(numFeatures * thresholdBytes),
    numColumnsWord: take(4),
    columns: take(maxColumns * wordsPerColumn * 4),
    selected: take(maxColumns),
    searchable: take(maxColumns * 2),
    records: take(maxColumns * 2 * recordBytes),
    answers: take(binsPerLane),
    answersByRow: shape.hasWideCategories ? take(numRows) : 0,
    partCounts: take(numMembers * 64),
    labels: take(numRows + 1),
    weights: shape.isWeighted ? take(numRows * 8 + 8) : 0,
    margins: take(numRows * 8 + 8),
    pairs: take(numRows * 16),
    packed: take(numRows * 8),
    rows: take(numRows * 4),
    goneLeft: take(numRows * 4),
    goneRight: take(numRows * 4),
    blockSums: take(numBlocks * 16),
    blockTotals: take(numBlocks * 8),
    chunks: take((numBlocks + maxLeaves) * 16),
    chunkSums: take((numBlocks + maxLeaves) * 16),
    leafValues: take(maxLeaves * 8),
    tree: take(numNodes * 40 + (numNodes + 1) * shape.wordsPerCategorySet * 4),
    walkNodes: take(shape.isBagged ? numNodes * 16 : 0),
    walkAnswers: take(shape.isBagged ? numNodes * binsPerLane : 0),
    sample: take(shape.numSampled < numRows ? shape.numSampled * 4 : 0),
    validationLabels: take(numValidationRows),
    validationWeights: shape.isValidationWeighted ? take(numValidationRows * 8) : 0,
    validationMargins: take(numValidationRows * 8),
    validationSums: take(Math.ceil(numValidationRows / rowsPerBlock) * 8),
    scratch: take(scratchBytes * numMembers),
    scratchBytes,
    histograms: take(histogramBytes * numHistograms),
    histogramBytes: histogramBytes * numHistograms,
    codes: take(Math.max(codesBytes, sortBytes * numMembers)),
    sortBytes,
    rowsPerValueBlock,
    numBytes: end,
  };
}

/** The memory of this thread's last training, while no other uses it. */
let spare: WebAssembly.Memory | null = null;

/**
 * Memory for a training, to be given back after it. What stands in it is left from another one.
 *
 * An engine learns late or never how much lies behind a WebAssembly memory that nobody refers to any more, so that each training would
 * leave its own behind: a thread keeps one, as large as its largest training.
 *
 * Throws `too-large` where the training needs more than 4 GiB, `out-of-memory` where the machine does not give what it needs.
 */
export function takeMemory(shape: TrainingShape): WebAssembly.Memory {
  const { numBytes } = layOut(shape);
  const numPages = Math.ceil(numBytes / bytesPerPage);
  const what = `training on ${shape.numRows} rows × ${shape.numFeatures} features needs ${Math.ceil(numBytes / 2 ** 20)} MiB beside them`;
  if (numPages > maxPages) throw new TreeEnsembleError('too-large', `${what}; 4096 can be had`);
  const memory = spare;
  spare = null;
  try {
    if (memory === null) return new WebAssembly.Memory({ initial: numPages, maximum: maxPages, shared: true });
    const numMore = numPages - memory.buffer.byteLength / bytesPerPage;
    if (numMore > 0) memory.grow(numMore);
    return memory;
  } catch (cause) {
    throw new TreeEnsembleError('out-of-memory', what, cause);
  }
}

/** No view of it may be used any more. */
export function giveMemoryBack(memory: WebAssembly.Memory): void {
  if (spare === null || spare.buffer.byteLength < memory.buffer.byteLength) spare = memory;
}

/** Views of the whole memory, by kind of number. */
export class TrainingMemory {
  readonly memory: WebAssembly.Memory;
  readonly shape: TrainingShape;
  readonly layout: TrainingLayout;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly unsigned: Uint32Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;

  constructor(memory: WebAssembly.Memory, shape: TrainingShape) {
    this.memory = memory;
    this.shape = shape;
    this.layout = layOut(shape);
    this.bytes = new Uint8Array(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    this.unsigned = new Uint32Array(memory.buffer);
    this.floats = new Float32Array(memory.buffer);
    this.doubles = new Float64Array(memory.buffer);
  }

  bytesAt(address: number, length: number): Uint8Array {
    return this.bytes.subarray(address, address + length);
  }

  wordsAt(address: number, length: number): Int32Array {
    return this.words.subarray(address >>> 2, (address >>> 2) + length);
  }

  floatsAt(address: number, length: number): Float32Array {
    return this.floats.subarray(address >>> 2, (address >>> 2) + length);
  }

  doublesAt(address: number, length: number): Float64Array {
    return this.doubles.subarray(address / 8, address / 8 + length);
  }

  getParameter(position: number): number {
    return this.doubles[this.layout.parameters / 8 + position];
  }

  setParameter(position: number, value: number): void {
    this.doubles[this.layout.parameters / 8 + position] = value;
  }

  /** The gradient and the hessian that are packed at an address. */
  gradientAt(address: number): number {
    return this.words[(address >>> 2) + 1];
  }

  hessianAt(address: number): number {
    return this.unsigned[address >>> 2];
  }
}
