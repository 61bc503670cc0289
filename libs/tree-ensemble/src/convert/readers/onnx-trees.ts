import { tensorType } from '../onnx-protobuf.ts';
import { refuse, type Assembly, type Claim, type ForeignNode } from './assembly.ts';
import { nextBelowFloat32, nextBelowFloat64 } from './next-below.ts';
import type { OnnxAttribute, OnnxNode } from './onnx-message.ts';

// nodes_modes of TreeEnsemble; the older operators write the names.
const modes = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', 'BRANCH_NEQ', 'BRANCH_MEMBER', 'LEAF'] as const;
type Mode = (typeof modes)[number];

/** The nodes of all trees by row: splits and leaves of TreeEnsemble one after the other, the rows of the older operators as they are. */
export interface OnnxTrees {
  readonly baseValue: number;
  readonly roots: readonly number[];
  readonly modes: readonly Mode[];
  readonly features: readonly number[];
  readonly values: readonly number[];
  /** Whether thresholds are float32 numbers. */
  readonly isSingle: boolean;
  readonly missingTracksTrue: readonly number[];
  readonly trueRows: readonly number[];
  readonly falseRows: readonly number[];
  /** By row, NaN where the file has no such number. */
  readonly leafWeights: readonly number[];
  readonly covers: readonly number[];
  readonly members: ReadonlyMap<number, readonly number[]>;
}

/** `ai.onnx.ml` 5. */
export function readTreeEnsemble(node: OnnxNode): OnnxTrees {
  const { attributes } = node;
  if ((attributes.get('n_targets')?.int ?? 1) !== 1) refuse('unsupported-model', 'several targets cannot be read');
  if ((attributes.get('aggregate_function')?.int ?? 1) !== 1) refuse('unsupported-model', 'only sums of trees can be read');
  if (![0, 2].includes(attributes.get('post_transform')?.int ?? 0)) refuse('unsupported-model', 'only the links NONE and LOGISTIC can be read');
  const features = getInts(attributes, 'nodes_featureids');
  const numSplits = features.length;
  const weights = getTensor(attributes, 'leaf_weights');
  const numLeaves = weights.values.length;
  const perSplit = (name: string, values: readonly number[]): readonly number[] => checkLength(name, values, numSplits);
  if (checkLength('leaf_targetids', getInts(attributes, 'leaf_targetids'), numLeaves).some((target) => target !== 0)) {
    refuse('index-out-of-range', 'a leaf has another target than 0');
  }
  const splits = getTensor(attributes, 'nodes_splits');
  const toRows = (branch: string): readonly number[] => {
    const ids = perSplit(`nodes_${branch}nodeids`, getInts(attributes, `nodes_${branch}nodeids`));
    const areLeaves = perSplit(`nodes_${branch}leafs`, getInts(attributes, `nodes_${branch}leafs`));
    return ids.map((id, row) => {
      const isLeaf = areLeaves[row] === 1;
      if (!isLeaf && areLeaves[row] !== 0) refuse('bad-format', `nodes_${branch}leafs holds something else than 0 and 1`);
      const length = isLeaf ? numLeaves : numSplits;
      if (!(id >= 0 && id < length)) refuse('index-out-of-range', `nodes_${branch}nodeids: ${id} is not one of ${length}`);
      return isLeaf ? numSplits + id : id;
    });
  };
  const splitModes = perSplit('nodes_modes', getTensor(attributes, 'nodes_modes').values).map((mode) => {
    const name = modes[mode];
    return name === undefined || name === 'LEAF' ? refuse('bad-format', `nodes_modes: ${mode} is no mode`) : name;
  });
  const roots = getInts(attributes, 'tree_roots');
  if (roots.some((root) => !(root < numSplits))) refuse('index-out-of-range', `a root is not one of ${numSplits} splits`);
  return {
    baseValue: 0,
    roots,
    modes: [...splitModes, ...weights.values.map((): Mode => 'LEAF')],
    features,
    values: perSplit('nodes_splits', splits.values),
    isSingle: splits.isSingle,
    missingTracksTrue: getOptional(attributes, 'nodes_missing_value_tracks_true', numSplits),
    trueRows: toRows('true'),
    falseRows: toRows('false'),
    leafWeights: [...features.map(() => NaN), ...weights.values],
    // Its hitrates are of splits only, and no leaf has one.
    covers: [],
    members: readMembers(splitModes, attributes.get('membership_values')?.tensor?.values ?? []),
  };
}

/** The sets of the nodes of mode BRANCH_MEMBER in turn, NaN between them. */
function readMembers(splitModes: readonly Mode[], values: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const sets: number[][] = [[]];
  values.forEach((value, position) => {
    if (!Number.isNaN(value)) sets[sets.length - 1].push(value);
    // The last set may end with NaN or without.
    else if (position < values.length - 1) sets.push([]);
  });
  const rows = splitModes.flatMap((mode, row) => (mode === 'BRANCH_MEMBER' ? [row] : []));
  if (rows.length > 0 ? rows.length !== sets.length : values.length > 0) {
    refuse('arrays-differ', `membership_values has another number of sets than the ${rows.length} that are asked for`);
  }
  return new Map(rows.map((row, index) => [row, sets[index]]));
}

export function readRegressor(node: OnnxNode): OnnxTrees {
  const { attributes } = node;
  if ((attributes.get('n_targets')?.int ?? 1) !== 1) refuse('unsupported-model', 'several targets cannot be read');
  if ((attributes.get('aggregate_function')?.text ?? 'SUM') !== 'SUM') refuse('unsupported-model', 'only sums of trees can be read');
  if (!['NONE', 'LOGISTIC'].includes(attributes.get('post_transform')?.text ?? 'NONE')) {
    refuse('unsupported-model', 'only the links NONE and LOGISTIC can be read');
  }
  const targets = getInts(attributes, 'target_ids');
  if (targets.some((target) => target !== 0)) refuse('index-out-of-range', 'a leaf has another target than 0');
  return readNodes(attributes, 'target');
}

export function readClassifier(node: OnnxNode): OnnxTrees {
  const { attributes } = node;
  const numClasses = Math.max(attributes.get('classlabels_int64s')?.ints.length ?? 0, attributes.get('classlabels_strings')?.texts.length ?? 0);
  // All weights go to one class where there are two: the sum is the log-odds of the second.
  const classes = getInts(attributes, 'class_ids');
  const isBinary = numClasses === 2 && (classes[0] === 0 || classes[0] === 1) && classes.every((id) => id === classes[0]);
  if (!isBinary) refuse('unsupported-model', 'only a classifier of two classes with one margin can be read');
  if (attributes.get('post_transform')?.text !== 'LOGISTIC') refuse('unsupported-model', 'only a classifier with the link LOGISTIC can be read');
  return readNodes(attributes, 'class');
}

function readNodes(attributes: ReadonlyMap<string, OnnxAttribute>, leaves: 'target' | 'class'): OnnxTrees {
  const nodeIds = getInts(attributes, 'nodes_nodeids');
  const perNode = (name: string): readonly number[] => checkLength(name, getInts(attributes, name), nodeIds.length);
  const treeIds = perNode('nodes_treeids');
  const names = attributes.get('nodes_modes')?.texts ?? [];
  if (names.length !== nodeIds.length) refuse('arrays-differ', `nodes_modes has ${names.length} entries, not ${nodeIds.length}`);
  const nodeModes = names.map((name) => {
    const mode = modes.find((known) => known === name);
    return mode === undefined || mode === 'BRANCH_MEMBER' ? refuse('bad-format', 'nodes_modes holds a name of no mode') : mode;
  });
  // Trees stand in the order of their first nodes, which are their roots.
  const rowsByTree = new Map<number, Map<number, number>>();
  nodeIds.forEach((id, row) => {
    const rows = rowsByTree.get(treeIds[row]) ?? new Map<number, number>();
    if (rows.has(id)) refuse('bad-format', `tree ${treeIds[row]} has two nodes ${id}`);
    rowsByTree.set(treeIds[row], rows.set(id, row));
  });
  const toRows = (name: string): readonly number[] =>
    perNode(name).map((id, row) => {
      if (nodeModes[row] === 'LEAF') return -1;
      return rowsByTree.get(treeIds[row])?.get(id) ?? refuse('index-out-of-range', `${name}: tree ${treeIds[row]} has no node ${id}`);
    });

  const leafWeights = nodeIds.map(() => NaN);
  const weights = getNumbers(attributes, `${leaves}_weights`).values;
  const leafTrees = checkLength(`${leaves}_treeids`, getInts(attributes, `${leaves}_treeids`), weights.length);
  const leafNodes = checkLength(`${leaves}_nodeids`, getInts(attributes, `${leaves}_nodeids`), weights.length);
  checkLength(`${leaves}_ids`, getInts(attributes, `${leaves}_ids`), weights.length);
  weights.forEach((weight, index) => {
    const row = rowsByTree.get(leafTrees[index])?.get(leafNodes[index]);
    if (row === undefined) refuse('index-out-of-range', `${leaves}_nodeids: tree ${leafTrees[index]} has no node ${leafNodes[index]}`);
    if (nodeModes[row] !== 'LEAF' || !Number.isNaN(leafWeights[row])) refuse('bad-format', 'a weight stands at a split, or two at one leaf');
    leafWeights[row] = weight;
  });
  const splits = getNumbers(attributes, 'nodes_values');
  const hitRates = getNumbers(attributes, 'nodes_hitrates').values;
  return {
    baseValue: readBaseValue(getNumbers(attributes, 'base_values').values),
    roots: Array.from(rowsByTree.values(), (rows) => {
      const [root] = rows.values();
      return root;
    }),
    modes: nodeModes,
    features: perNode('nodes_featureids'),
    values: checkLength('nodes_values', splits.values, nodeIds.length),
    isSingle: splits.isSingle,
    missingTracksTrue: getOptional(attributes, 'nodes_missing_value_tracks_true', nodeIds.length),
    trueRows: toRows('nodes_truenodeids'),
    falseRows: toRows('nodes_falsenodeids'),
    leafWeights,
    covers: hitRates.length === nodeIds.length ? hitRates : [],
    members: new Map(),
  };
}

/** None, one, or the same for both classes. */
function readBaseValue(values: readonly number[]): number {
  const [value = 0] = values;
  if (values.length > 2 || values.some((other) => other !== value)) refuse('unsupported-model', 'the base values are not those of one margin');
  return Number.isFinite(value) ? value : refuse('not-finite', 'the base value is not finite');
}

/** Adds every tree of the file, and refuses (`bad-format`) nodes that belong to none. */
export function addOnnxTrees(assembly: Assembly, trees: OnnxTrees): void {
  const used = new Uint8Array(trees.modes.length);
  trees.roots.forEach((root, index) => {
    const place = `tree ${index}`;
    assembly.addTree(place, { root, used, readNode: (row, claim) => readNode(assembly, trees, place, row, claim) });
  });
  const unused = used.indexOf(0);
  if (unused >= 0) refuse('bad-format', `node ${unused} belongs to no tree`);
}

function readNode(assembly: Assembly, trees: OnnxTrees, place: string, row: number, claim: Claim): ForeignNode {
  const where = `${place}, node ${row}`;
  const cover = trees.covers[row] ?? NaN;
  const mode = trees.modes[row];
  if (mode === 'LEAF') return { leafValue: trees.leafWeights[row], cover };
  const isTrue = trees.missingTracksTrue[row] === 1;
  if (!isTrue && trees.missingTracksTrue[row] !== 0) refuse('bad-format', `${where}: the direction of missing values is neither 0 nor 1`);
  const trueRow = trees.trueRows[row];
  const falseRow = trees.falseRows[row];
  const feature = trees.features[row];
  const value = trees.values[row];
  if (trueRow === falseRow) {
    // A tree of one leaf is written as a split whose branches are the same leaf.
    if (trees.modes[trueRow] !== 'LEAF') refuse('cycle', `${where}: both branches are node ${trueRow}`);
    claim(trueRow);
    return { leafValue: trees.leafWeights[trueRow], cover: trees.covers[trueRow] ?? NaN };
  }
  if (Number.isNaN(value) && mode !== 'BRANCH_MEMBER') refuse('not-finite', `${where}: the value to compare with is not a number`);
  // Where the missing value does not follow the true branch it is compared, and NaN equals and exceeds nothing.
  const whenTrue = { feature, left: trueRow, right: falseRow, defaultLeft: isTrue, cover };
  const whenFalse = { feature, left: falseRow, right: trueRow, defaultLeft: !isTrue, cover };
  switch (mode) {
    case 'BRANCH_LEQ':
      return { ...whenTrue, threshold: value, categories: null };
    case 'BRANCH_GT':
      return { ...whenFalse, threshold: value, categories: null };
    case 'BRANCH_LT':
      return { ...whenTrue, ...splitBelow(trees, value) };
    case 'BRANCH_GTE':
      return { ...whenFalse, ...splitBelow(trees, value) };
    case 'BRANCH_EQ': {
      const chain = followChain(trees, row, claim);
      const { codes, lastRow } = chain;
      return {
        ...whenTrue,
        right: lastRow,
        defaultLeft: chain.isDefaultLeft,
        threshold: 0,
        categories: assembly.toCategories(where, codes),
      };
    }
    case 'BRANCH_NEQ':
      // Unequal is what is not in the set; so is NaN, whatever it tracks.
      return { ...whenFalse, defaultLeft: false, threshold: 0, categories: assembly.toCategories(where, [value]) };
    case 'BRANCH_MEMBER':
      return { ...whenTrue, threshold: 0, categories: assembly.toCategories(where, trees.members.get(row) ?? []) };
  }
}

/** `value < threshold` as a split `<=`; nothing is below -Infinity, as nothing is in an empty set. */
function splitBelow(trees: OnnxTrees, value: number): { readonly threshold: number; readonly categories: Uint32Array | null } {
  if (value === -Infinity) return { threshold: 0, categories: new Uint32Array() };
  return { threshold: trees.isSingle ? nextBelowFloat32(value) : nextBelowFloat64(value), categories: null };
}

/** Follows equalities of one feature whose true branch is the same node: together they are one set. */
function followChain(
  trees: OnnxTrees,
  row: number,
  claim: Claim,
): { readonly codes: readonly number[]; readonly lastRow: number; readonly isDefaultLeft: boolean } {
  const codes = [trees.values[row]];
  let isDefaultLeft = trees.missingTracksTrue[row] === 1;
  let next = trees.falseRows[row];
  while (trees.modes[next] === 'BRANCH_EQ' && trees.features[next] === trees.features[row] && trees.trueRows[next] === trees.trueRows[row]) {
    claim(next);
    codes.push(trees.values[next]);
    isDefaultLeft ||= trees.missingTracksTrue[next] === 1;
    next = trees.falseRows[next];
  }
  return { codes, lastRow: next, isDefaultLeft };
}

function getInts(attributes: ReadonlyMap<string, OnnxAttribute>, name: string): readonly number[] {
  return attributes.get(name)?.ints ?? [];
}

function getTensor(attributes: ReadonlyMap<string, OnnxAttribute>, name: string): { readonly values: readonly number[]; readonly isSingle: boolean } {
  const tensor = attributes.get(name)?.tensor ?? refuse('bad-format', `there is no ${name}`);
  return { values: tensor.values, isSingle: tensor.elementType === tensorType.float };
}

/** Numbers that the older operators have in single precision, or in a tensor of either. */
function getNumbers(
  attributes: ReadonlyMap<string, OnnxAttribute>,
  name: string,
): { readonly values: readonly number[]; readonly isSingle: boolean } {
  const floats = attributes.get(name)?.floats ?? [];
  if (!attributes.has(`${name}_as_tensor`)) return { values: floats, isSingle: true };
  if (floats.length > 0) refuse('bad-format', `there are both ${name} and ${name}_as_tensor`);
  return getTensor(attributes, `${name}_as_tensor`);
}

function getOptional(attributes: ReadonlyMap<string, OnnxAttribute>, name: string, length: number): readonly number[] {
  const values = getInts(attributes, name);
  return values.length === 0 ? Array.from({ length }, () => 0) : checkLength(name, values, length);
}

function checkLength(name: string, values: readonly number[], length: number): readonly number[] {
  if (values.length !== length) refuse('arrays-differ', `${name} has ${values.length} entries, not ${length}`);
  return values;
}
