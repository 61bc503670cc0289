import { Writer } from 'protobufjs/minimal.js';
import type { TreeEnsemble } from './tree-ensemble.ts';

// Field numbers and enum values of onnx.proto3 (ONNX IR version 10).
const irVersion = 10;
const standardOpset = 21;
const machineLearningDomain = 'ai.onnx.ml';
const machineLearningOpset = 5;
const tensorType = { uint8: 2, double: 11 } as const;
const attributeType = { int: 2, tensor: 4, ints: 7 } as const;

/** Node attributes of `ai.onnx.ml` 5 `TreeEnsemble`: interior nodes and leaves in separate, flat arrays. */
interface FlatTrees {
  readonly roots: number[];
  readonly featureIds: number[];
  readonly splits: number[];
  readonly missingTracksTrue: number[];
  readonly trueNodeIds: number[];
  readonly falseNodeIds: number[];
  readonly trueLeafs: number[];
  readonly falseLeafs: number[];
  readonly leafWeights: number[];
}

/**
 * The ensemble as one ONNX file in float64: input `features` double[N, F] (NaN = missing), outputs `margin` double[N, 1]
 * and `probability` double[N, 1] = sigmoid(margin).
 *
 * The operator has no base value, so the base is written as tree 0, a single leaf; ONNX Runtime adds trees in order, and
 * `margin` equals `predictMargin` to the last bit with `intraOpNumThreads: 1` (with more threads it adds partial sums).
 * Feature names are kept in the metadata entry `featureNames` (JSON). Covers have no place in ONNX; see `serialiseTrees`.
 */
export function toOnnx(ensemble: TreeEnsemble): Uint8Array {
  const model = Writer.create();
  model.uint32(tag(1, 'varint')).int64(irVersion);
  model.uint32(tag(2, 'bytes')).string('lisible');
  writeMessage(model, 7, (graph) => writeGraph(graph, ensemble));
  writeOpset(model, '', standardOpset);
  writeOpset(model, machineLearningDomain, machineLearningOpset);
  writeMessage(model, 14, (entry) => {
    entry.uint32(tag(1, 'bytes')).string('featureNames');
    entry.uint32(tag(2, 'bytes')).string(JSON.stringify(ensemble.featureNames));
  });
  return model.finish();
}

function writeGraph(graph: Writer, ensemble: TreeEnsemble): void {
  writeMessage(graph, 1, (node) => {
    writeNodeNames(node, 'features', 'margin', 'TreeEnsemble');
    node.uint32(tag(7, 'bytes')).string(machineLearningDomain);
    writeTreeAttributes(node, flatten(ensemble));
  });
  writeMessage(graph, 1, (node) => writeNodeNames(node, 'margin', 'probability', 'Sigmoid'));
  graph.uint32(tag(2, 'bytes')).string('lisible');
  writeMessage(graph, 11, (value) => writeDoubleMatrix(value, 'features', ensemble.featureNames.length));
  writeMessage(graph, 12, (value) => writeDoubleMatrix(value, 'margin', 1));
  writeMessage(graph, 12, (value) => writeDoubleMatrix(value, 'probability', 1));
}

function flatten(ensemble: TreeEnsemble): FlatTrees {
  const flat: FlatTrees = {
    roots: [],
    featureIds: [],
    splits: [],
    missingTracksTrue: [],
    trueNodeIds: [],
    falseNodeIds: [],
    trueLeafs: [],
    falseLeafs: [],
    leafWeights: [],
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
      flat.splits.push(tree.threshold[node]);
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
  flat.missingTracksTrue.push(0);
  flat.trueNodeIds.push(flat.leafWeights.length);
  flat.falseNodeIds.push(flat.leafWeights.length);
  flat.trueLeafs.push(1);
  flat.falseLeafs.push(1);
  flat.leafWeights.push(value);
}

function writeTreeAttributes(node: Writer, flat: FlatTrees): void {
  const branchLessOrEqual = 0;
  const aggregateSum = 1;
  writeIntAttribute(node, 'n_targets', 1);
  writeIntAttribute(node, 'aggregate_function', aggregateSum);
  writeIntAttribute(node, 'post_transform', 0);
  writeIntsAttribute(node, 'tree_roots', flat.roots);
  writeIntsAttribute(node, 'nodes_featureids', flat.featureIds);
  writeTensorAttribute(node, 'nodes_splits', tensorType.double, flat.splits.length, doubleBytes(flat.splits));
  const modes = new Uint8Array(flat.splits.length).fill(branchLessOrEqual);
  writeTensorAttribute(node, 'nodes_modes', tensorType.uint8, modes.length, modes);
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
  writeTensorAttribute(node, 'leaf_weights', tensorType.double, flat.leafWeights.length, doubleBytes(flat.leafWeights));
}

function tag(field: number, wire: 'varint' | 'bytes'): number {
  return (field << 3) | (wire === 'bytes' ? 2 : 0);
}

function writeMessage(writer: Writer, field: number, write: (message: Writer) => void): void {
  writer.uint32(tag(field, 'bytes')).fork();
  write(writer);
  writer.ldelim();
}

function writeOpset(model: Writer, domain: string, version: number): void {
  writeMessage(model, 8, (opset) => {
    opset.uint32(tag(1, 'bytes')).string(domain);
    opset.uint32(tag(2, 'varint')).int64(version);
  });
}

function writeNodeNames(node: Writer, input: string, output: string, operator: string): void {
  node.uint32(tag(1, 'bytes')).string(input);
  node.uint32(tag(2, 'bytes')).string(output);
  node.uint32(tag(3, 'bytes')).string(output);
  node.uint32(tag(4, 'bytes')).string(operator);
}

function writeDoubleMatrix(value: Writer, name: string, numColumns: number): void {
  value.uint32(tag(1, 'bytes')).string(name);
  writeMessage(value, 2, (type) =>
    writeMessage(type, 1, (tensor) => {
      tensor.uint32(tag(1, 'varint')).int32(tensorType.double);
      writeMessage(tensor, 2, (shape) => {
        writeMessage(shape, 1, (dimension) => dimension.uint32(tag(2, 'bytes')).string('N'));
        writeMessage(shape, 1, (dimension) => dimension.uint32(tag(1, 'varint')).int64(numColumns));
      });
    }),
  );
}

function writeAttribute(node: Writer, name: string, type: number, write: (attribute: Writer) => void): void {
  writeMessage(node, 5, (attribute) => {
    attribute.uint32(tag(1, 'bytes')).string(name);
    write(attribute);
    attribute.uint32(tag(20, 'varint')).int32(type);
  });
}

function writeIntAttribute(node: Writer, name: string, value: number): void {
  writeAttribute(node, name, attributeType.int, (attribute) => attribute.uint32(tag(3, 'varint')).int64(value));
}

function writeIntsAttribute(node: Writer, name: string, values: readonly number[]): void {
  writeAttribute(node, name, attributeType.ints, (attribute) =>
    writeMessage(attribute, 8, (packed) => values.forEach((value) => packed.int64(value))),
  );
}

function writeTensorAttribute(node: Writer, name: string, type: number, length: number, bytes: Uint8Array): void {
  writeAttribute(node, name, attributeType.tensor, (attribute) =>
    writeMessage(attribute, 5, (tensor) => {
      tensor.uint32(tag(1, 'varint')).int64(length);
      tensor.uint32(tag(2, 'varint')).int32(type);
      tensor.uint32(tag(8, 'bytes')).string(name);
      tensor.uint32(tag(9, 'bytes')).bytes(bytes);
    }),
  );
}

/** Little-endian, as `raw_data` demands on every machine. */
function doubleBytes(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, position) => view.setFloat64(position * 8, value, true));
  return new Uint8Array(view.buffer);
}
