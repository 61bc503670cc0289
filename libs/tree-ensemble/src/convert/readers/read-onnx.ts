import type { Tree, TreeEnsemble } from '../../tree-ensemble.ts';
import { checkMargins, createAssembly, nameFeatures, refuse, settleCovers } from './assembly.ts';
import { decodeOnnx, type OnnxModel, type OnnxNode } from './onnx-message.ts';
import { addOnnxTrees, readClassifier, readRegressor, readTreeEnsemble, type OnnxTrees } from './onnx-trees.ts';

/** Covers by tree and node, in the order of `readOnnx`: each node before its left branch and that before its right. */
export type Covers = readonly (readonly number[])[];

export interface ReadOnnxOptions {
  /** Covers that travel beside the file, as the converters of other libraries write none. */
  readonly covers?: Covers;
}

export interface OnnxEnsemble {
  readonly ensemble: TreeEnsemble;
  /**
   * Where the covers come from: the argument, the metadata entry `covers`, `nodes_hitrates`, or nowhere. In the last case every leaf counts
   * as one row, and path-dependent attributions weigh branches by their leaves, which no training data stands behind; predictions and
   * attributions against a background do not use covers.
   */
  readonly coversFrom: 'argument' | 'metadata' | 'hitrates' | 'nowhere';
}

const machineLearningDomain = 'ai.onnx.ml';
const treeOperators: Readonly<Record<string, { readonly versions: readonly number[]; readonly read: (node: OnnxNode) => OnnxTrees }>> = {
  TreeEnsemble: { versions: [5], read: readTreeEnsemble },
  TreeEnsembleRegressor: { versions: [1, 2, 3, 4, 5], read: readRegressor },
  TreeEnsembleClassifier: { versions: [1, 2, 3, 4, 5], read: readClassifier },
};
/** What may stand between the graph's input and the trees, and after them; none of it moves the margin. */
const operatorsBefore = ['Cast', 'Identity'];
const operatorsAfter = ['Cast', 'Identity', 'Sigmoid', 'ZipMap'];

/**
 * Reads an ONNX file whose graph is one ensemble of trees with one margin: `ai.onnx.ml` TreeEnsemble (version 5), or
 * TreeEnsembleRegressor and TreeEnsembleClassifier (versions 1 to 5) as onnxmltools and skl2onnx write them for LightGBM, XGBoost and
 * scikit-learn and `toOnnx` does. The margin is the sum of the trees before any sigmoid; that of a classifier is the log-odds of its
 * second class. ONNX Runtime's own sum is in float32 where the file is.
 *
 * Equalities with codes (chains of BRANCH_EQ that lead to one branch) and BRANCH_MEMBER become category sets. Features have the names of
 * the metadata entry `featureNames`, else f0, f1, ….
 *
 * Throws TreeEnsembleError: `bad-format`, `unsupported-version`, `unsupported-model` (another graph, several targets, averages, other
 * links), `too-large`, `arrays-differ`, `index-out-of-range`, `cycle`, `not-finite`, `bad-cover`, `bad-categories`.
 */
export function readOnnx(bytes: Uint8Array, options: ReadOnnxOptions = {}): OnnxEnsemble {
  const model = decodeOnnx(bytes);
  const { trees: onnxTrees, input } = findTrees(model);
  const names = model.metadata.get('featureNames');
  const featureNames = nameFeatures(countFeatures(model, input, onnxTrees), names === undefined ? [] : parseNames(names));
  const assembly = createAssembly(featureNames.length);
  addOnnxTrees(assembly, onnxTrees);

  // `toOnnx` writes the base value as a first tree of one leaf, in place of the base values that the operator may have.
  const [first, ...others] = assembly.trees;
  const hasBaseTree = onnxTrees.baseValue === 0 && first !== undefined && first.leftChild.length === 1;
  const baseValue = hasBaseTree ? first.leafValue[0] : onnxTrees.baseValue;
  const metadata = model.metadata.get('covers');
  const { trees, coversFrom } = findCovers(
    hasBaseTree ? others : assembly.trees,
    options.covers,
    metadata === undefined ? undefined : parseJson(metadata, 'covers'),
  );
  const ensemble = { featureNames, baseValue, trees };
  checkMargins(ensemble);
  return { ensemble, coversFrom };
}

function findTrees(model: OnnxModel): { readonly trees: OnnxTrees; readonly input: string } {
  const isTrees = ({ domain, operator }: OnnxNode): boolean => domain === machineLearningDomain && Object.hasOwn(treeOperators, operator);
  const found = model.nodes.filter(isTrees);
  const [node] = found;
  if (node === undefined || found.length > 1) refuse('unsupported-model', `the graph has ${found.length} ensembles of trees, not one`);
  const { versions, read } = treeOperators[node.operator];
  const version = model.opsets.get(machineLearningDomain);
  if (version === undefined || !versions.includes(version)) {
    refuse('unsupported-version', `${node.operator} of ${machineLearningDomain} ${version ?? '(no version)'} cannot be read`);
  }

  const bySource = new Map<string, string>();
  const derived = new Set(node.outputs);
  let isAfter = false;
  for (const other of model.nodes) {
    if (other === node) {
      isAfter = true;
      continue;
    }
    const [source = ''] = other.inputs;
    const allowed = isAfter ? operatorsAfter : operatorsBefore;
    const isHarmless = allowed.includes(other.operator) || (isAfter && isProductWithOne(model, other));
    if (!isHarmless || (isAfter && !derived.has(source))) {
      refuse('unsupported-model', 'the graph does more than sum trees');
    }
    for (const output of other.outputs) {
      if (isAfter) derived.add(output);
      else bySource.set(output, source);
    }
  }
  let [input = ''] = node.inputs;
  // Each step goes up one operator, of which there are finitely many.
  for (let step = 0; step < model.nodes.length; step++) input = bySource.get(input) ?? input;
  if (!model.inputs.some(({ name }) => name === input)) refuse('unsupported-model', 'the trees do not read the input of the graph');
  return { trees: read(node), input };
}

/** onnxmltools ends LightGBM's graphs so. */
function isProductWithOne(model: OnnxModel, { domain, operator, inputs }: OnnxNode): boolean {
  const factor = model.initializers.get(inputs[1] ?? '');
  return domain === '' && operator === 'Mul' && inputs.length === 2 && factor?.values.length === 1 && factor.values[0] === 1;
}

function countFeatures(model: OnnxModel, input: string, { features }: OnnxTrees): number {
  const dimensions = model.inputs.find(({ name }) => name === input)?.dimensions ?? [];
  if (dimensions.length !== 2) refuse('bad-format', 'the input is not a matrix');
  const [, declared] = dimensions;
  // Converters may leave the width open: then it is the least that the splits need.
  return declared ?? features.reduce((most, feature) => Math.max(most, feature + 1), 0);
}

function parseNames(text: string): readonly string[] {
  const names = parseJson(text, 'featureNames');
  if (!Array.isArray(names)) refuse('bad-format', 'featureNames is not a list');
  return names.map((name: unknown) => (typeof name === 'string' ? name : refuse('bad-format', 'a feature name is not a text')));
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return refuse('not-json', `the metadata entry ${what} is not JSON`, cause);
  }
}

function findCovers(
  trees: readonly Tree[],
  given: Covers | undefined,
  metadata: unknown,
): Pick<OnnxEnsemble, 'coversFrom'> & { trees: readonly Tree[] } {
  if (given !== undefined) return { trees: withCovers(trees, given), coversFrom: 'argument' };
  if (metadata !== undefined) return { trees: withCovers(trees, metadata), coversFrom: 'metadata' };
  // Converters fill hitrates with 1, which no tree of more than a leaf adds up to.
  const settled = trees.some(({ leftChild }) => leftChild.length > 1) ? settleCovers(trees) : null;
  if (settled !== null) return { trees: settled, coversFrom: 'hitrates' };
  return {
    trees: trees.map((tree) => {
      const cover = new Float64Array(tree.cover.length).fill(1);
      for (let node = cover.length - 1; node >= 0; node--) {
        if (tree.leftChild[node] >= 0) cover[node] = cover[tree.leftChild[node]] + cover[tree.rightChild[node]];
      }
      return { ...tree, cover };
    }),
    coversFrom: 'nowhere',
  };
}

function withCovers(trees: readonly Tree[], covers: unknown): readonly Tree[] {
  if (!Array.isArray(covers) || covers.length !== trees.length) refuse('bad-cover', `the covers are not those of ${trees.length} trees`);
  const covered = trees.map((tree, index) => {
    const list: unknown = covers[index];
    if (!Array.isArray(list) || list.length !== tree.cover.length || !list.every((cover) => typeof cover === 'number')) {
      refuse('bad-cover', `tree ${index}: the covers are not those of ${tree.cover.length} nodes`);
    }
    return { ...tree, cover: Float64Array.from(list) };
  });
  return settleCovers(covered) ?? refuse('bad-cover', 'the covers are not positive or do not add up');
}
