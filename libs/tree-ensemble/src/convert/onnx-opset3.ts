import type { Writer } from 'protobufjs/minimal.js';
import { listCodes } from '../categories.ts';
import { writeDoublesAttribute, writeIntAttribute, writeIntsAttribute, writeStringAttribute, writeStringsAttribute } from './onnx-protobuf.ts';
import type { Tree, TreeEnsemble } from '../tree-ensemble.ts';

/** Node attributes of `ai.onnx.ml` 3 `TreeEnsembleRegressor`: one row a node, leaves among them. */
interface FlatNodes {
  readonly treeIds: number[];
  readonly nodeIds: number[];
  readonly modes: string[];
  readonly featureIds: number[];
  readonly values: number[];
  readonly missingTracksTrue: number[];
  readonly trueNodeIds: number[];
  readonly falseNodeIds: number[];
  readonly leafTreeIds: number[];
  readonly leafNodeIds: number[];
  readonly leafWeights: number[];
}

/** Writes the attributes of a TreeEnsembleRegressor that sums the trees in float64; the base value is tree 0, a single leaf. */
export function writeTreeEnsembleRegressor(node: Writer, ensemble: TreeEnsemble): void {
  const flat: FlatNodes = {
    treeIds: [],
    nodeIds: [],
    modes: [],
    featureIds: [],
    values: [],
    missingTracksTrue: [],
    trueNodeIds: [],
    falseNodeIds: [],
    leafTreeIds: [],
    leafNodeIds: [],
    leafWeights: [],
  };
  addLeaf(flat, 0, 0, ensemble.baseValue);
  ensemble.trees.forEach((tree, index) => addTree(flat, index + 1, tree));
  writeIntAttribute(node, 'n_targets', 1);
  writeStringAttribute(node, 'aggregate_function', 'SUM');
  writeStringAttribute(node, 'post_transform', 'NONE');
  writeIntsAttribute(node, 'nodes_treeids', flat.treeIds);
  writeIntsAttribute(node, 'nodes_nodeids', flat.nodeIds);
  writeStringsAttribute(node, 'nodes_modes', flat.modes);
  writeIntsAttribute(node, 'nodes_featureids', flat.featureIds);
  writeDoublesAttribute(node, 'nodes_values_as_tensor', flat.values);
  writeIntsAttribute(node, 'nodes_missing_value_tracks_true', flat.missingTracksTrue);
  writeIntsAttribute(node, 'nodes_truenodeids', flat.trueNodeIds);
  writeIntsAttribute(node, 'nodes_falsenodeids', flat.falseNodeIds);
  writeIntsAttribute(node, 'target_treeids', flat.leafTreeIds);
  writeIntsAttribute(node, 'target_nodeids', flat.leafNodeIds);
  writeIntsAttribute(
    node,
    'target_ids',
    flat.leafWeights.map(() => 0),
  );
  writeDoublesAttribute(node, 'target_weights_as_tensor', flat.leafWeights);
}

function addTree(flat: FlatNodes, treeId: number, tree: Tree): void {
  const numNodes = tree.leftChild.length;
  // Links of the chains, which have no node of their own in the tree, are numbered after its nodes.
  let nextNodeId = numNodes;
  for (let node = 0; node < numNodes; node++) {
    if (tree.leftChild[node] < 0) {
      addLeaf(flat, treeId, node, tree.leafValue[node]);
      continue;
    }
    const categories = tree.categories?.[node] ?? null;
    if (categories === null) {
      addSplit(flat, treeId, node, tree, node, { mode: 'BRANCH_LEQ', value: tree.threshold[node], falseNodeId: tree.rightChild[node] });
      continue;
    }
    const codes = listCodes(categories);
    // Nothing is below -Infinity: the way to say that no code goes left.
    if (codes.length === 0) {
      addSplit(flat, treeId, node, tree, node, { mode: 'BRANCH_LT', value: -Infinity, falseNodeId: tree.rightChild[node] });
    }
    codes.forEach((code, position) => {
      const nodeId = position === 0 ? node : nextNodeId++;
      const falseNodeId = position === codes.length - 1 ? tree.rightChild[node] : nextNodeId;
      addSplit(flat, treeId, nodeId, tree, node, { mode: 'BRANCH_EQ', value: code, falseNodeId });
    });
  }
}

function addSplit(
  flat: FlatNodes,
  treeId: number,
  nodeId: number,
  tree: Tree,
  node: number,
  split: { readonly mode: string; readonly value: number; readonly falseNodeId: number },
): void {
  flat.treeIds.push(treeId);
  flat.nodeIds.push(nodeId);
  flat.modes.push(split.mode);
  flat.featureIds.push(tree.splitFeature[node]);
  flat.values.push(split.value);
  flat.missingTracksTrue.push(tree.defaultLeft[node]);
  flat.trueNodeIds.push(tree.leftChild[node]);
  flat.falseNodeIds.push(split.falseNodeId);
}

function addLeaf(flat: FlatNodes, treeId: number, nodeId: number, weight: number): void {
  flat.treeIds.push(treeId);
  flat.nodeIds.push(nodeId);
  flat.modes.push('LEAF');
  flat.featureIds.push(0);
  flat.values.push(0);
  flat.missingTracksTrue.push(0);
  flat.trueNodeIds.push(0);
  flat.falseNodeIds.push(0);
  flat.leafTreeIds.push(treeId);
  flat.leafNodeIds.push(nodeId);
  flat.leafWeights.push(weight);
}
