import * as fc from 'fast-check';
import { Writer } from 'protobufjs/minimal.js';
import { arbitraryEnsemble, arbitraryRow } from '../../arbitrary-ensemble.testing.ts';
import { predictMargin, readLightGbm, readOnnx, toOnnx, type Tree, type TreeEnsembleErrorCode } from '../../index.ts';
import { tag, writeDoublesAttribute, writeIntsAttribute, writeMessage, writeNodeNames, writeOpset, writeTensorAttribute } from '../onnx-protobuf.ts';
import { codeOf, farthest, lightGbmGolden, onnxGolden, toRows } from './foreign-models.testing.ts';

const decode = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

describe('readOnnx', () => {
  it.each(onnxGolden.models)("equals ONNX Runtime's margins as far as the file's precision goes: $name", ({ base64, rows, margins, tolerance }) => {
    const { ensemble } = readOnnx(decode(base64));
    expect(
      farthest(
        toRows(rows).map((row) => predictMargin(ensemble, row)),
        margins,
      ),
    ).toBeLessThan(tolerance);
  });

  it.each(onnxGolden.models)('takes hitrates for covers only where they add up: $name', ({ base64, hitRates }) => {
    const { coversFrom, ensemble } = readOnnx(decode(base64));
    expect(coversFrom).toBe(hitRates ? 'hitrates' : 'nowhere');
    for (const { cover, leftChild, rightChild } of ensemble.trees) {
      leftChild.forEach((left, node) => {
        if (left >= 0) expect(cover[left] + cover[rightChild[node]]).toBe(cover[node]);
        else expect(cover[node]).toBeGreaterThan(0);
      });
    }
  });

  it.each(onnxGolden.refused)('refuses what has no log-odds margin: $name', ({ base64 }) => {
    expect(codeOf(() => readOnnx(decode(base64)))).toBe('unsupported-model');
  });

  it('merges the equalities that LightGBM sets are converted to', () => {
    const { base64 = '' } = onnxGolden.models.find(({ name }) => name.startsWith('LightGBM')) ?? {};
    const sets = readOnnx(decode(base64)).ensemble.trees.flatMap(({ categories = [] }) => categories.filter((words) => words !== null));
    expect(sets.some((words) => words.length > 3)).toBe(true);
  });

  it.each([{ opset: 5 }, { opset: 3 }] as const)('gives back what toOnnx wrote, covers and names with it: %j', (options) => {
    const scaled = (tree: Tree): number[] => [...tree.cover].map((cover) => Math.round(cover * 1e6)).sort((a, b) => a - b);
    fc.assert(
      fc.property(arbitraryEnsemble(3, { withCategories: true }), fc.array(arbitraryRow(3), { minLength: 1, maxLength: 20 }), (ensemble, rows) => {
        const { ensemble: again, coversFrom } = readOnnx(toOnnx(ensemble, { ...options, withCovers: true }));
        expect(again.featureNames).toEqual(ensemble.featureNames);
        expect(coversFrom).toBe('metadata');
        expect(again.trees.map(scaled)).toEqual(ensemble.trees.map(scaled));
        for (const row of rows) expect(predictMargin(again, row)).toBe(predictMargin(ensemble, row));
      }),
      { seed: 21, numRuns: 300 },
    );
  });

  it('takes covers that travel beside the file', () => {
    const ensemble = readLightGbm(lightGbmGolden.models[0].text);
    const bytes = toOnnx(ensemble);
    expect(readOnnx(bytes).coversFrom).toBe('nowhere');
    // What a reader numbers is in preorder, as covers are to be.
    const covers = ensemble.trees.map(({ cover }) => [...cover]);
    const read = readOnnx(bytes, { covers });
    expect(read.coversFrom).toBe('argument');
    expect(read.ensemble).toEqual({ ...ensemble, baseValue: 0 });
    expect(codeOf(() => readOnnx(bytes, { covers: covers.slice(1) }))).toBe('bad-cover');
    expect(codeOf(() => readOnnx(bytes, { covers: covers.map((cover) => cover.slice(1)) }))).toBe('bad-cover');
    expect(codeOf(() => readOnnx(bytes, { covers: covers.map((cover) => cover.map((count) => -count)) }))).toBe('bad-cover');
    expect(codeOf(() => readOnnx(bytes, { covers: covers.map((cover) => cover.map((count, node) => (node === 0 ? 2 * count : count))) }))).toBe(
      'bad-cover',
    );
  });
});

/** The attributes of a TreeEnsemble 5 that asks x <= 0.5, then whether y is 1 or 33; and what stands around it. */
interface Graph {
  operator: string;
  domain: string;
  version: number;
  ints: Record<string, number[]>;
  doubles: Record<string, number[]>;
  modes: number[];
  numColumns: number;
  input: string;
  others: [string, string, string, string][];
  metadata: Record<string, string>;
  repeats: number;
}

const soundGraph = (): Graph => ({
  operator: 'TreeEnsemble',
  domain: 'ai.onnx.ml',
  version: 5,
  ints: {
    tree_roots: [0],
    nodes_featureids: [0, 1],
    nodes_truenodeids: [1, 0],
    nodes_falsenodeids: [1, 2],
    nodes_trueleafs: [0, 1],
    nodes_falseleafs: [1, 1],
    leaf_targetids: [0, 0, 0],
  },
  doubles: { nodes_splits: [0.5, 0], leaf_weights: [1, 2, 4], membership_values: [1, 33, NaN] },
  modes: [0, 6],
  numColumns: 2,
  input: 'X',
  others: [],
  metadata: {},
  repeats: 1,
});

function write(graph: Graph): Uint8Array {
  const model = Writer.create();
  writeMessage(model, 7, (body) => {
    for (let repeat = 0; repeat < graph.repeats; repeat++) {
      writeMessage(body, 1, (node) => {
        writeNodeNames(node, graph.input, 'Y', graph.operator);
        node.uint32(tag(7, 'bytes')).string(graph.domain);
        for (const [name, values] of Object.entries(graph.ints)) writeIntsAttribute(node, name, values);
        for (const [name, values] of Object.entries(graph.doubles)) writeDoublesAttribute(node, name, values);
        writeTensorAttribute(node, 'nodes_modes', 2, graph.modes.length, Uint8Array.from(graph.modes));
      });
    }
    for (const [operator, from, to, domain] of graph.others) {
      writeMessage(body, 1, (node) => {
        writeNodeNames(node, from, to, operator);
        node.uint32(tag(7, 'bytes')).string(domain);
      });
    }
    writeMessage(body, 11, (value) => {
      value.uint32(tag(1, 'bytes')).string('X');
      writeMessage(value, 2, (type) =>
        writeMessage(type, 1, (tensor) =>
          writeMessage(tensor, 2, (shape) => {
            writeMessage(shape, 1, (dimension) => dimension.uint32(tag(2, 'bytes')).string('N'));
            writeMessage(shape, 1, (dimension) => dimension.uint32(tag(1, 'varint')).int64(graph.numColumns));
          }),
        ),
      );
    });
  });
  writeOpset(model, 'ai.onnx.ml', graph.version);
  for (const [key, value] of Object.entries(graph.metadata)) {
    writeMessage(model, 14, (entry) => {
      entry.uint32(tag(1, 'bytes')).string(key);
      entry.uint32(tag(2, 'bytes')).string(value);
    });
  }
  return model.finish();
}

describe('readOnnx, file by file', () => {
  it('reads a file written by hand', () => {
    const { ensemble } = readOnnx(write(soundGraph()));
    const margin = (row: readonly number[]): number => predictMargin(ensemble, row);
    expect([margin([0.5, 1]), margin([0.5, 33]), margin([0.5, 2]), margin([0.6, 1]), margin([NaN, 1]), margin([0, NaN])]).toEqual([1, 1, 4, 2, 2, 4]);
    const tracking = soundGraph();
    tracking.ints['nodes_missing_value_tracks_true'] = [1, 0];
    expect(predictMargin(readOnnx(write(tracking)).ensemble, [NaN, 1])).toBe(1);
  });

  it('leads a missing value where ONNX leads it, whatever the mode', () => {
    const led = (mode: number, tracks: number): number => {
      const graph = soundGraph();
      graph.modes = [mode, 6];
      graph.ints['nodes_missing_value_tracks_true'] = [tracks, 0];
      graph.doubles['nodes_splits'] = [5, 0];
      // 2 is the false leaf of the root; below its true branch the row ends in 4.
      return predictMargin(readOnnx(write(graph)).ensemble, [NaN, 2]);
    };
    expect([0, 1, 2, 3, 4].map((mode) => [led(mode, 0), led(mode, 1)])).toEqual(Array.from({ length: 5 }, () => [2, 4]));
    // NaN is unequal to everything.
    expect([led(5, 0), led(5, 1)]).toEqual([4, 4]);
  });

  it('passes what stands around the trees and moves no margin', () => {
    const graph = soundGraph();
    graph.others = [
      ['Cast', 'Y', 'Z', ''],
      ['Sigmoid', 'Z', 'P', ''],
    ];
    expect(codeOf(() => readOnnx(write(graph)))).toBe('accepted');
    graph.others = [['Exp', 'Y', 'Z', '']];
    expect(codeOf(() => readOnnx(write(graph)))).toBe('unsupported-model');
    graph.others = [['Mul', 'Y', 'Z', '']];
    expect(codeOf(() => readOnnx(write(graph)))).toBe('unsupported-model');
    graph.others = [['Cast', 'elsewhere', 'Z', '']];
    expect(codeOf(() => readOnnx(write(graph)))).toBe('unsupported-model');
  });

  const damages: [string, TreeEnsembleErrorCode, (graph: Graph) => void][] = [
    ['another operator', 'unsupported-model', (graph) => (graph.operator = 'LinearClassifier')],
    ['an operator that is a name of every object', 'unsupported-model', (graph) => (graph.operator = 'toString')],
    ['another domain', 'unsupported-model', (graph) => (graph.domain = 'com.example')],
    ['two ensembles', 'unsupported-model', (graph) => (graph.repeats = 2)],
    ['a version without the operator', 'unsupported-version', (graph) => (graph.version = 3)],
    ['a later version', 'unsupported-version', (graph) => (graph.version = 6)],
    ['another input', 'unsupported-model', (graph) => (graph.input = 'features')],
    ['columns beyond all measure', 'too-large', (graph) => (graph.numColumns = 2 ** 52)],
    ['columns below zero', 'bad-format', (graph) => (graph.numColumns = -1)],
    ['names that are no JSON', 'not-json', (graph) => (graph.metadata['featureNames'] = '[')],
    ['names that are no list', 'bad-format', (graph) => (graph.metadata['featureNames'] = '{"length":2}')],
    ['more names than columns', 'bad-format', (graph) => (graph.metadata['featureNames'] = '["a","b","c"]')],
    ['covers that are no JSON', 'not-json', (graph) => (graph.metadata['covers'] = '[')],
    ['covers of other trees', 'bad-cover', (graph) => (graph.metadata['covers'] = '[[1]]')],
    ['covers of text', 'bad-cover', (graph) => (graph.metadata['covers'] = '[["5","3","1","2","2"]]')],
    ['covers of zero', 'bad-cover', (graph) => (graph.metadata['covers'] = '[[2,2,0,2,0]]')],
    ['an array cut short', 'arrays-differ', ({ ints }) => ints['nodes_falsenodeids'].pop()],
    ['an array missing', 'arrays-differ', ({ ints }) => delete ints['nodes_trueleafs']],
    ['a tensor missing', 'bad-format', ({ doubles }) => delete doubles['leaf_weights']],
    ['another target', 'index-out-of-range', ({ ints }) => (ints['leaf_targetids'][0] = 1)],
    ['a root beyond the splits', 'index-out-of-range', ({ ints }) => (ints['tree_roots'] = [2])],
    ['a root below zero', 'index-out-of-range', ({ ints }) => (ints['tree_roots'] = [-1])],
    ['no root', 'bad-format', ({ ints }) => (ints['tree_roots'] = [])],
    ['a root twice', 'cycle', ({ ints }) => (ints['tree_roots'] = [0, 0])],
    ['a root below another', 'cycle', ({ ints }) => (ints['tree_roots'] = [0, 1])],
    ['a child beyond the splits', 'index-out-of-range', ({ ints }) => (ints['nodes_truenodeids'][0] = 2)],
    ['a leaf beyond the leaves', 'index-out-of-range', ({ ints }) => (ints['nodes_falsenodeids'][1] = 3)],
    ['a child beyond 2^53', 'index-out-of-range', ({ ints }) => (ints['nodes_truenodeids'][0] = 2 ** 60)],
    ['a child below zero', 'index-out-of-range', ({ ints }) => (ints['nodes_truenodeids'][0] = -1)],
    ['half a leaf', 'bad-format', ({ ints }) => (ints['nodes_trueleafs'][0] = 2)],
    ['a split that is its own child', 'cycle', ({ ints }) => (ints['nodes_truenodeids'][0] = 0)],
    ['a leaf with two parents', 'cycle', ({ ints }) => (ints['nodes_falsenodeids'][0] = 2)],
    ['a split twice below its parent', 'cycle', ({ ints }) => Object.assign(ints, { nodes_falsenodeids: [1, 2], nodes_falseleafs: [0, 1] })],
    ['a leaf that nothing leads to', 'bad-format', ({ doubles, ints }) => void [doubles['leaf_weights'].push(9), ints['leaf_targetids'].push(0)]],
    ['a feature beyond the columns', 'index-out-of-range', ({ ints }) => (ints['nodes_featureids'][0] = 2)],
    ['a feature below zero', 'index-out-of-range', ({ ints }) => (ints['nodes_featureids'][0] = -1)],
    ['a direction of 2', 'bad-format', ({ ints }) => (ints['nodes_missing_value_tracks_true'] = [2, 0])],
    ['no mode', 'bad-format', ({ modes }) => (modes[0] = 8)],
    ['a leaf among the modes of splits', 'bad-format', ({ modes }) => (modes[0] = 7)],
    ['a threshold that is no number', 'not-finite', ({ doubles }) => (doubles['nodes_splits'][0] = NaN)],
    ['a leaf that is no number', 'not-finite', ({ doubles }) => (doubles['leaf_weights'][1] = NaN)],
    ['an infinite leaf', 'not-finite', ({ doubles }) => (doubles['leaf_weights'][1] = Infinity)],
    ['a set too many', 'arrays-differ', ({ doubles }) => doubles['membership_values'].push(1)],
    ['sets that nobody asks', 'arrays-differ', ({ modes }) => (modes[1] = 0)],
    ['a code that is no integer', 'bad-categories', ({ doubles }) => (doubles['membership_values'][0] = 0.5)],
    ['a code beyond 2^24', 'bad-categories', ({ doubles }) => (doubles['membership_values'][0] = 2 ** 24)],
    ['an equality with what is no code', 'bad-categories', ({ modes, doubles }) => void [(modes[0] = 4), (doubles['nodes_splits'][0] = -1)]],
  ];
  it.each(damages)('refuses %s: %s', (_, code, damage) => {
    const graph = soundGraph();
    damage(graph);
    expect(codeOf(() => readOnnx(write(graph)))).toBe(code);
  });

  it('refuses equalities that lead round in a circle', () => {
    const graph = soundGraph();
    graph.modes = [4, 4];
    graph.doubles = { nodes_splits: [1, 2], leaf_weights: [1] };
    graph.ints = {
      tree_roots: [0],
      nodes_featureids: [0, 0],
      nodes_truenodeids: [0, 0],
      nodes_trueleafs: [1, 1],
      nodes_falsenodeids: [1, 0],
      nodes_falseleafs: [0, 0],
      leaf_targetids: [0],
    };
    expect(codeOf(() => readOnnx(write(graph)))).toBe('cycle');
  });

  it('refuses a length beyond the bytes that are there, before it takes memory', () => {
    const bytes = write(soundGraph());
    // A graph of 4 GB, and one of 2^63 bytes.
    expect(codeOf(() => readOnnx(Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, ...bytes)))).toBe('bad-format');
    expect(codeOf(() => readOnnx(Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, ...bytes)))).toBe('bad-format');
    // A tensor that says that it holds 2^40 values.
    const model = Writer.create();
    writeMessage(model, 7, (graph) =>
      writeMessage(graph, 5, (tensor) => {
        tensor.uint32(tag(1, 'varint')).int64(2 ** 40);
        tensor.uint32(tag(2, 'varint')).int32(11);
        tensor.uint32(tag(9, 'bytes')).bytes(new Uint8Array(8));
      }),
    );
    expect(codeOf(() => readOnnx(model.finish()))).toBe('arrays-differ');
  });

  it('refuses bytes that are no message, nested groups and numbers without end', () => {
    expect(codeOf(() => readOnnx(new Uint8Array()))).toBe('bad-format');
    expect(codeOf(() => readOnnx(new Uint8Array(1_000_000)))).toBe('bad-format');
    expect(codeOf(() => readOnnx(new Uint8Array(1_000_000).fill(0x3b)))).toBe('bad-format');
    expect(codeOf(() => readOnnx(new Uint8Array(1_000_000).fill(0xff)))).toBe('bad-format');
    for (let end = 0; end < 400; end++) expect(codeOf(() => readOnnx(write(soundGraph()).subarray(0, end)))).not.toBe('accepted');
  });

  it('reads the greatest tree that it allows, of more nodes than a call has room for arguments', () => {
    // A full tree of 2^17 leaves in level order; node 2k + 1 is left of node k.
    const numLeaves = 131_072;
    const nodes = Array.from({ length: 2 * numLeaves - 1 }, (_, node) => node);
    const isLeaf = (node: number): boolean => node >= numLeaves - 1;
    const tree: Tree = {
      leftChild: Int32Array.from(nodes, (node) => (isLeaf(node) ? -1 : 2 * node + 1)),
      rightChild: Int32Array.from(nodes, (node) => (isLeaf(node) ? -1 : 2 * node + 2)),
      splitFeature: Int32Array.from(nodes, (node) => (isLeaf(node) ? -1 : 0)),
      threshold: new Float64Array(nodes.length),
      defaultLeft: new Uint8Array(nodes.length),
      leafValue: Float64Array.from(nodes, (node) => (isLeaf(node) ? node : 0)),
      cover: Float64Array.from(nodes, (node) => 2 ** (17 - Math.floor(Math.log2(node + 1)))),
    };
    for (const opset of [5, 3] as const) {
      const { ensemble } = readOnnx(toOnnx({ featureNames: ['a'], baseValue: 0.5, trees: [tree] }, { opset }));
      expect(predictMargin(ensemble, [1])).toBe(nodes.length - 0.5);
    }
  });
});
