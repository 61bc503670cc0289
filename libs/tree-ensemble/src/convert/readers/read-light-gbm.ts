import type { TreeEnsemble } from '../../tree-ensemble.ts';
import { checkMargins, createAssembly, nameFeatures, refuse, settleCovers, type Assembly, type ForeignNode } from './assembly.ts';

// `decision_type` of LightGBM's include/LightGBM/tree.h.
const categoricalMask = 1;
const defaultLeftMask = 2;
const missingType = { none: 0, zero: 1, nan: 2 } as const;
/** LightGBM's kZeroThreshold: what is nearer to zero counts as zero. */
const zeroThreshold = Math.fround(1e-35);
const versions = ['v2', 'v3', 'v4'];

/**
 * Reads the text of a LightGBM model (`Booster.save_model`): binary objective with sigmoid 1, trees of thresholds and category sets.
 * Margins equal LightGBM's raw scores to the last bit, covers are its counts.
 *
 * A row holds category codes as LightGBM was given them (pandas categories as their codes), float32, NaN = missing. Where LightGBM takes
 * a missing value for zero, each split's default direction is where zero goes. A code that is no whole number is in no set here, while
 * LightGBM cuts its fraction off.
 *
 * Throws TreeEnsembleError: `bad-format`, `unsupported-version`, `unsupported-model` (other objectives, several classes, averaged
 * forests, linear leaves, `zero_as_missing` where one split cannot say it), `too-large`, `arrays-differ`, `index-out-of-range`,
 * `cycle`, `not-finite`, `bad-cover`, `bad-categories`.
 */
export function readLightGbm(text: string): TreeEnsemble {
  const lines = createLines(text);
  if (lines.next() !== 'tree') refuse('bad-format', 'the text does not begin as a LightGBM model');
  const header = readEntries(lines, 'the header');
  checkHeader(header);
  const names = header.get('feature_names') ?? refuse('bad-format', 'the header has no feature_names');
  const numFeatures = readInteger(header.get('max_feature_idx'), 'max_feature_idx') + 1;
  const featureNames = nameFeatures(numFeatures, names === '' ? [] : names.split(' '));

  const assembly = createAssembly(featureNames.length);
  for (let line = lines.next(); line !== 'end of trees'; line = lines.next()) {
    if (line === null) refuse('bad-format', 'the text ends before its trees do');
    if (line === '') continue;
    const index = assembly.trees.length;
    if (line !== `Tree=${index}`) refuse('bad-format', `tree ${index} is missing`);
    addTree(assembly, `tree ${index}`, readEntries(lines, `tree ${index}`));
  }
  const sizes = header.get('tree_sizes');
  if (sizes !== undefined && splitNumbers(sizes).length !== assembly.trees.length) {
    refuse('arrays-differ', `tree_sizes names another number of trees than the ${assembly.trees.length} that are there`);
  }
  const trees = settleCovers(assembly.trees) ?? refuse('bad-cover', 'the counts of the leaves are not positive or do not add up');
  const ensemble = { featureNames, baseValue: 0, trees };
  checkMargins(ensemble);
  return ensemble;
}

function checkHeader(header: ReadonlyMap<string, string>): void {
  const version = header.get('version');
  if (version === undefined || !versions.includes(version)) {
    refuse('unsupported-version', `only models of version ${versions.join(', ')} can be read`);
  }
  for (const name of ['num_class', 'num_tree_per_iteration']) {
    if (header.get(name) !== '1') refuse('unsupported-model', `${name} is not 1: only one margin a row can be read`);
  }
  if (header.has('average_output')) refuse('unsupported-model', 'a forest whose trees are averaged cannot be read');
  const objective = (header.get('objective') ?? '').trim();
  if (objective !== 'binary sigmoid:1') refuse('unsupported-model', 'only the objective "binary sigmoid:1" can be read');
}

function addTree(assembly: Assembly, place: string, entries: ReadonlyMap<string, string>): void {
  const numLeaves = readInteger(entries.get('num_leaves'), `${place}: num_leaves`);
  if (numLeaves < 1) refuse('bad-format', `${place} has no leaf`);
  if ((entries.get('is_linear') ?? '0') !== '0') refuse('unsupported-model', `${place} has linear leaves`);
  const read = (name: string, length: number): readonly number[] => {
    const entry = entries.get(name) ?? refuse('bad-format', `${place} has no ${name}`);
    const parts = splitNumbers(entry);
    if (parts.length !== length) refuse('arrays-differ', `${place}: ${name} has ${parts.length} entries, not ${length}`);
    return parts.map((part) => parseNumber(part, `${place}: ${name}`));
  };
  const leafValue = read('leaf_value', numLeaves);
  if (numLeaves === 1) {
    assembly.addTree(place, { root: 0, used: new Uint8Array(1), readNode: () => ({ leafValue: leafValue[0], cover: NaN }) });
    return;
  }
  const numSplits = numLeaves - 1;
  const leafCount = read('leaf_count', numLeaves);
  const internalCount = read('internal_count', numSplits);
  const splitFeature = read('split_feature', numSplits);
  const threshold = read('threshold', numSplits);
  const decisionType = read('decision_type', numSplits);
  const leftChild = read('left_child', numSplits);
  const rightChild = read('right_child', numSplits);
  const categories = readCategories(place, entries, read);

  // Splits are numbered from 0; a leaf is named by its number's complement, and stands after the splits here.
  const toNode = (child: number): number => (child < 0 ? numSplits + (-1 - child) : child < numSplits ? child : NaN);
  const used = new Uint8Array(numSplits + numLeaves);
  assembly.addTree(place, {
    root: 0,
    used,
    readNode: (node): ForeignNode => {
      if (node >= numSplits) return { leafValue: leafValue[node - numSplits], cover: leafCount[node - numSplits] };
      const where = `${place}, node ${node}`;
      const decision = decisionType[node];
      if (!Number.isInteger(decision) || decision < 0 || decision > 11) refuse('bad-format', `${where}: ${decision} is no decision_type`);
      const shared = { feature: splitFeature[node], left: toNode(leftChild[node]), right: toNode(rightChild[node]), cover: internalCount[node] };
      if ((decision & categoricalMask) !== 0) {
        const set = categories[threshold[node]] ?? refuse('bad-categories', `${where}: set ${threshold[node]} is not one of ${categories.length}`);
        // A missing value is in no set, whatever the missing type.
        return { ...shared, threshold: 0, categories: set, defaultLeft: false };
      }
      return { ...shared, threshold: threshold[node], categories: null, defaultLeft: readDefaultLeft(where, decision, threshold[node]) };
    },
  });
  if (used.includes(0)) refuse('bad-format', `${place} has a node that nothing leads to`);
}

function readDefaultLeft(where: string, decision: number, threshold: number): boolean {
  const missing = decision >>> 2;
  const isDefaultLeft = (decision & defaultLeftMask) !== 0;
  if (missing === missingType.nan) return isDefaultLeft;
  // A missing value is read as zero, and zero is compared like any number,
  const isZeroLeft = threshold >= 0;
  if (missing === missingType.none) return isZeroLeft;
  // or goes by default: the comparison has to send there all that counts as zero.
  const areZerosCompared = isDefaultLeft ? threshold >= zeroThreshold : threshold < -zeroThreshold;
  if (!areZerosCompared) refuse('unsupported-model', `${where}: zero_as_missing sends zeros elsewhere than the threshold does`);
  return isDefaultLeft;
}

function readCategories(
  place: string,
  entries: ReadonlyMap<string, string>,
  read: (name: string, length: number) => readonly number[],
): readonly Uint32Array[] {
  const numSets = readInteger(entries.get('num_cat'), `${place}: num_cat`);
  if (numSets === 0) return [];
  const boundaries = read('cat_boundaries', numSets + 1);
  const words = read('cat_threshold', boundaries[numSets]);
  if (words.some((word) => word >>> 0 !== word)) refuse('bad-categories', `${place}: cat_threshold holds something that is no 32-bit number`);
  return boundaries.slice(1).map((end, set) => {
    const begin = boundaries[set];
    if (!Number.isInteger(begin) || begin < 0 || end < begin || (set === 0 && begin !== 0)) {
      refuse('bad-categories', `${place}: cat_boundaries do not ascend from 0`);
    }
    return Uint32Array.from(words.slice(begin, end));
  });
}

interface Lines {
  /** The next line without its end, null after the last. */
  next(): string | null;
}

function createLines(text: string): Lines {
  let position = 0;
  return {
    next: () => {
      if (position >= text.length) return null;
      const found = text.indexOf('\n', position);
      const end = found < 0 ? text.length : found;
      const line = text.slice(position, end);
      position = end + 1;
      return line.endsWith('\r') ? line.slice(0, -1) : line;
    },
  };
}

/** Lines `name=value` up to an empty line; a line without `=` is an entry of its own name. */
function readEntries(lines: Lines, place: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (let line = lines.next(); line !== '' && line !== null; line = lines.next()) {
    const at = line.indexOf('=');
    const name = at < 0 ? line : line.slice(0, at);
    if (entries.has(name)) refuse('bad-format', `${place} has two entries of the same name`);
    entries.set(name, at < 0 ? '' : line.slice(at + 1));
  }
  return entries;
}

function splitNumbers(entry: string): readonly string[] {
  return entry.trim() === '' ? [] : entry.trim().split(' ');
}

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** C's way of writing numbers, infinities and NaN among them, which JavaScript reads otherwise or not at all. */
function parseNumber(part: string, what: string): number {
  if (decimal.test(part)) return Number(part);
  const word = part.toLowerCase();
  if (word === 'inf' || word === '+inf' || word === 'infinity') return Infinity;
  if (word === '-inf' || word === '-infinity') return -Infinity;
  if (word === 'nan' || word === '-nan') return NaN;
  return refuse('bad-format', `${what} holds something that is not a number`);
}

function readInteger(entry: string | undefined, what: string): number {
  if (entry === undefined || !/^\d{1,9}$/.test(entry)) refuse('bad-format', `${what} is not a whole number`);
  return Number(entry);
}
