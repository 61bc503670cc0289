import { Writer } from 'protobufjs/minimal.js';
import { listCodes } from '../categories.ts';
import { writeTreeEnsembleRegressor } from './onnx-opset3.ts';
import {
  tag,
  tensorType,
  writeDoublesAttribute,
  writeIntAttribute,
  writeIntsAttribute,
  writeMatrix,
  writeMessage,
  writeNodeNames,
  writeOpset,
  writeTensorAttribute,
} from './onnx-protobuf.ts';
import { walkInPreorder } from '../preorder.ts';
import type { TreeEnsemble } from '../tree-ensemble.ts';

const machineLearningDomain = 'ai.onnx.ml';
/** By version of `ai.onnx.ml`: the file's IR version, the standard operators' version, the type of the scores. */
const opsets = {
  3: { irVersion: 8, standardOpset: 15, scoreType: tensorType.float },
  5: { irVersion: 10, standardOpset: 21, scoreType: tensorType.double },
} as const;
// nodes_modes
const branchLessOrEqual = 0;
const branchLess = 1;
const branchMember = 6;

export interface OnnxOptions {
  /** Version of the operators `ai.onnx.ml`: 5 (the default) or, for readers older than 2024, 3. */
  readonly opset?: 3 | 5;
  /** Keeps the covers of all nodes in the metadata entry `covers`, so that `readOnnx` finds them. */
  readonly withCovers?: boolean;
}

/** Node attributes of `ai.onnx.ml` 5 `TreeEnsemble`: interior nodes and leaves in separate, flat arrays. */
interface FlatTrees {
  readonly roots: number[];
  readonly featureIds: number[];
  readonly splits: number[];
  readonly modes: number[];
  readonly missingTracksTrue: number[];
  readonly trueNodeIds: number[];
  readonly falseNodeIds: number[];
  readonly trueLeafs: number[];
  readonly falseLeafs: number[];
  readonly leafWeights: number[];
  /** The sets of the nodes of mode BRANCH_MEMBER in turn, NaN after each. */
  readonly members: number[];
}

/**
 * The ensemble as one ONNX file in float64: input `features` double[N, F] (NaN = missing), outputs `margin` double[N, 1]
 * and `probability` double[N, 1] = sigmoid(margin).
 *
 * The operator has no base value, so the base is written as tree 0, a single leaf; ONNX Runtime adds trees in order, and
 * `margin` equals `predictMargin` to the last bit with `intraOpNumThreads: 1` (with more threads it adds partial sums).
 * With `opset: 3` the operator is TreeEnsembleRegressor: the same splits and sums in float64, but its output is float by
 * specification, so that `margin` is `predictMargin` rounded to float32 (6e-8 relative) and `probability` is computed from that.
 * Category sets are nodes of mode BRANCH_MEMBER (opset 3: chains of BRANCH_EQ), missing values by default like elsewhere. A value
 * that is no whole number is in no set here; ONNX Runtime 1.30 cuts its fraction off before it looks into a BRANCH_MEMBER set.
 * Feature names are kept in the metadata entry `featureNames` (JSON). Covers have no place in ONNX; see `withCovers`, `serialiseTrees`.
 */
export function toOnnx(ensemble: TreeEnsemble, options: OnnxOptions = {}): Uint8Array {
  const machineLearningOpset = options.opset ?? 5;
  const { irVersion, standardOpset } = opsets[machineLearningOpset];
  const model = Writer.create();
  model.uint32(tag(1, 'varint')).int64(irVersion);
  model.uint32(tag(2, 'bytes')).string('lisible');
  writeMessage(model, 7, (graph) => writeGraph(graph, ensemble, machineLearningOpset));
  writeOpset(model, '', standardOpset);
  writeOpset(model, machineLearningDomain, machineLearningOpset);
  writeMetadata(model, 'featureNames', ensemble.featureNames);
  if (options.withCovers === true) {
    writeMetadata(
      model,
      'covers',
      ensemble.trees.map((tree) => walkInPreorder(tree).map((node) => tree.cover[node])),
    );
  }
  return model.finish();
}

function writeMetadata(model: Writer, key: string, value: unknown): void {
  writeMessage(model, 14, (entry) => {
    entry.uint32(tag(1, 'bytes')).string(key);
    entry.uint32(tag(2, 'bytes')).string(JSON.stringify(value));
  });
}

function writeGraph(graph: Writer, ensemble: TreeEnsemble, opset: 3 | 5): void {
  const { scoreType } = opsets[opset];
  writeMessage(graph, 1, (node) => {
    writeNodeNames(node, 'features', 'margin', opset === 3 ? 'TreeEnsembleRegressor' : 'TreeEnsemble');
    node.uint32(tag(7, 'bytes')).string(machineLearningDomain);
    if (opset === 3) writeTreeEnsembleRegressor(node, ensemble);
    else writeTreeEnsemble(node, flatten(ensemble));
  });
  writeMessage(graph, 1, (node) => writeNodeNames(node, 'margin', 'probability', 'Sigmoid'));
  graph.uint32(tag(2, 'bytes')).string('lisible');
  writeMessage(graph, 11, (value) => writeMatrix(value, 'features', tensorType.double, ensemble.featureNames.length));
  writeMessage(graph, 12, (value) => writeMatrix(value, 'margin', scoreType, 1));
  writeMessage(graph, 12, (value) => writeMatrix(value, 'probability', scoreType, 1));
}

function flatten(ensemble: TreeEnsemble): FlatTrees {
  const flat: FlatTrees = {
    roots: [],
    featureIds: [],
    splits: [],
    modes: [],
    missingTracksTrue: [],
    trueNodeIds: [],
    falseNodeIds: [],
    trueLeafs: [],
    falseLeafs: [],
    leafWeights: [],
    members: [],
  };
  addSingleLeaf(flat, ensemble.baseValue);
  for (const tree of ensemble.trees) {
    if (tree.leftChild[0] < 0) {
      addSingleLeaf(flat, tree.leafValue[0]);
      continue;
    }
    const places = new Int32Array(tree.leftChild.length);
    let numInterior = flat.featureIds.length;
    let numLeaves = flat.leafWeights.length;
    for (let node = 0; node < places.length; node++) {
      if (tree.leftChild[node] < 0) places[node] = numLeaves++;
      else places[node] = numInterior++;
    }
    flat.roots.push(places[0]);
    for (let node = 0; node < places.length; node++) {
      const left = tree.leftChild[node];
      const right = tree.rightChild[node];
      if (left < 0) {
        flat.leafWeights.push(tree.leafValue[node]);
        continue;
      }
      flat.featureIds.push(tree.splitFeature[node]);
      const categories = tree.categories?.[node] ?? null;
      if (categories === null) {
        flat.modes.push(branchLessOrEqual);
        flat.splits.push(tree.threshold[node]);
      } else {
        const codes = listCodes(categories);
        // ONNX Runtime refuses an empty set; nothing is below -Infinity either.
        flat.modes.push(codes.length === 0 ? branchLess : branchMember);
        flat.splits.push(codes.length === 0 ? -Infinity : 0);
        if (codes.length > 0) for (const code of [...codes, NaN]) flat.members.push(code);
      }
      flat.missingTracksTrue.push(tree.defaultLeft[node]);
      flat.trueNodeIds.push(places[left]);
      flat.falseNodeIds.push(places[right]);
      flat.trueLeafs.push(tree.leftChild[left] < 0 ? 1 : 0);
      flat.falseLeafs.push(tree.leftChild[right] < 0 ? 1 : 0);
    }
  }
  return flat;
}

/** The specification's form of a tree that is one leaf: a node whose two branches name the same leaf. */
function addSingleLeaf(flat: FlatTrees, value: number): void {
  flat.roots.push(flat.featureIds.length);
  flat.featureIds.push(0);
  flat.splits.push(0);
  flat.modes.push(branchLessOrEqual);
  flat.missingTracksTrue.push(0);
  flat.trueNodeIds.push(flat.leafWeights.length);
  flat.falseNodeIds.push(flat.leafWeights.length);
  flat.trueLeafs.push(1);
  flat.falseLeafs.push(1);
  flat.leafWeights.push(value);
}

function writeTreeEnsemble(node: Writer, flat: FlatTrees): void {
  const aggregateSum = 1;
  writeIntAttribute(node, 'n_targets', 1);
  writeIntAttribute(node, 'aggregate_function', aggregateSum);
  writeIntAttribute(node, 'post_transform', 0);
  writeIntsAttribute(node, 'tree_roots', flat.roots);
  writeIntsAttribute(node, 'nodes_featureids', flat.featureIds);
  writeDoublesAttribute(node, 'nodes_splits', flat.splits);
  writeTensorAttribute(node, 'nodes_modes', tensorType.uint8, flat.modes.length, Uint8Array.from(flat.modes));
  writeIntsAttribute(node, 'nodes_missing_value_tracks_true', flat.missingTracksTrue);
  writeIntsAttribute(node, 'nodes_truenodeids', flat.trueNodeIds);
  writeIntsAttribute(node, 'nodes_falsenodeids', flat.falseNodeIds);
  writeIntsAttribute(node, 'nodes_trueleafs', flat.trueLeafs);
  writeIntsAttribute(node, 'nodes_falseleafs', flat.falseLeafs);
  writeIntsAttribute(
    node,
    'leaf_targetids',
    flat.leafWeights.map(() => 0),
  );
  writeDoublesAttribute(node, 'leaf_weights', flat.leafWeights);
  if (flat.members.length > 0) writeDoublesAttribute(node, 'membership_values', flat.members);
}
