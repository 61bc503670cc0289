import { predictMargin, readLightGbm, readOnnx, readXgBoost, toOnnx, TreeEnsembleError, treeShap, type TreeEnsemble } from '../../index.ts';
import { createRandom, type Random } from '../../random.ts';
import { lightGbmGolden, onnxGolden, xgBoostGolden } from './foreign-models.testing.ts';

// Real models of a few trees, and those that a reader refuses: what damages them is drawn from a seed, so that a failure can be run again.
const numMutants = 2500;
const ascii = new TextEncoder();
const text = new TextDecoder();

const whole = (random: Random, below: number): number => Math.floor(random() * below);
const pick = <T>(random: Random, list: readonly T[]): T => list[whole(random, list.length)];

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

type Mutation = (random: Random, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

const flipBit: Mutation = (random, bytes) => {
  const damaged = bytes.slice();
  damaged[whole(random, damaged.length)] ^= 1 << whole(random, 8);
  return damaged;
};
const setByte: Mutation = (random, bytes) => {
  const damaged = bytes.slice();
  damaged[whole(random, damaged.length)] = pick(random, [0, 1, 2, 0x7f, 0x80, 0xff, whole(random, 256)]);
  return damaged;
};
const cutOff: Mutation = (random, bytes) => bytes.slice(0, whole(random, bytes.length + 1));
const takeOut: Mutation = (random, bytes) => {
  const from = whole(random, bytes.length);
  return concat(bytes.subarray(0, from), bytes.subarray(from + 1 + whole(random, 40)));
};
const repeat: Mutation = (random, bytes) => {
  const from = whole(random, bytes.length);
  const to = from + 1 + whole(random, 200);
  return concat(bytes.subarray(0, to), bytes.subarray(from));
};
const splice: Mutation = (random, bytes, other) => {
  const from = whole(random, other.length);
  const at = whole(random, bytes.length);
  return concat(bytes.subarray(0, at), other.subarray(from, from + whole(random, 200)), bytes.subarray(at + whole(random, 200)));
};
const bytewise = [flipBit, setByte, cutOff, takeOut, repeat, splice];

const hostileNumbers = [
  '-1',
  '0',
  '1',
  '2',
  '1.5',
  '-0',
  '1e999',
  '-1e999',
  '1e308',
  '1e-999',
  'NaN',
  'nan',
  'inf',
  '-inf',
  'null',
  '""',
  '[]',
  '{}',
  '0x10',
];
const largeNumbers = ['999999999', '2147483648', '4294967295', '4294967296', '9007199254740993', '16777215', '16777216'];

/** Numbers of a text, and its lists: swapped with hostile ones, or with others of the same text. */
function mutateNumbers(random: Random, bytes: Uint8Array): Uint8Array {
  const parts = text.decode(bytes).split(/(-?\d[\d.eE+-]*)/);
  for (let change = whole(random, 3); change >= 0; change--) {
    const at = 2 * whole(random, (parts.length - 1) / 2) + 1;
    parts[at] = random() < 0.3 ? parts[2 * whole(random, (parts.length - 1) / 2) + 1] : pick(random, [...hostileNumbers, ...largeNumbers]);
  }
  return ascii.encode(parts.join(''));
}

function mutateLines(random: Random, bytes: Uint8Array): Uint8Array {
  const lines = text.decode(bytes).split('\n');
  const at = whole(random, lines.length);
  const action = whole(random, 3);
  if (action === 0) lines.splice(at, 1);
  else if (action === 1) lines.splice(at, 0, pick(random, lines));
  else lines[at] = lines[at].replace(/=.*/, `=${pick(random, lines).replace(/.*=/, '')}`);
  return ascii.encode(lines.join('\n'));
}

/** Runs the reader over mutants; every one has to become a sound ensemble or a TreeEnsembleError. */
function fuzz(
  read: (bytes: Uint8Array) => TreeEnsemble,
  models: readonly Uint8Array[],
  mutations: readonly Mutation[],
  seed: number,
): Record<string, number> {
  const outcomes: Record<string, number> = { accepted: 0 };
  for (let mutant = 0; mutant < numMutants; mutant++) {
    const random = createRandom(seed, mutant);
    let bytes = pick(random, models);
    for (let change = whole(random, 2); change >= 0 && bytes.length > 0; change--)
      bytes = pick(random, mutations)(random, bytes, pick(random, models));
    try {
      const ensemble = read(bytes);
      outcomes['accepted']++;
      for (const value of [NaN, 0, -1, 1, 33, 1e38, Infinity, -Infinity]) {
        const row = ensemble.featureNames.map(() => value);
        if (!Number.isFinite(predictMargin(ensemble, row))) throw new Error(`the margin of a row of ${value} is not finite`);
      }
      if (ensemble.featureNames.length <= 5 && mutant % 20 === 0) {
        const { baseValue, shapValues } = treeShap(
          ensemble,
          ensemble.featureNames.map(() => 0),
        );
        if (![baseValue, ...shapValues].every(Number.isFinite)) throw new Error('an attribution is not finite');
      }
    } catch (error) {
      if (!(error instanceof TreeEnsembleError)) throw new Error(`mutant ${mutant} of seed ${seed} (${bytes.length} bytes)`, { cause: error });
      outcomes[error.code] = (outcomes[error.code] ?? 0) + 1;
    }
  }
  return outcomes;
}

const smallest = (texts: readonly { readonly text: string }[], most: number): Uint8Array[] =>
  texts.filter((model) => model.text.length < most).map((model) => ascii.encode(model.text));

const foreignOnnx = [...onnxGolden.models, ...onnxGolden.refused].map(({ base64 }) => Uint8Array.from(Buffer.from(base64, 'base64')));
const small = readLightGbm(lightGbmGolden.models[1].text);
const ownOnnx = ([3, 5] as const).map((opset) => toOnnx({ ...small, trees: small.trees.slice(0, 2) }, { opset, withCovers: true }));

const readers: { format: string; read: (bytes: Uint8Array) => TreeEnsemble; models: Uint8Array[]; mutations: Mutation[] }[] = [
  {
    format: 'LightGBM text',
    read: (bytes) => readLightGbm(text.decode(bytes)),
    models: smallest([...lightGbmGolden.models, ...lightGbmGolden.refused], 20_000),
    mutations: [...bytewise, mutateNumbers, mutateNumbers, mutateLines],
  },
  {
    format: 'XGBoost JSON',
    read: (bytes) => readXgBoost(text.decode(bytes)),
    models: smallest([...xgBoostGolden.models, ...xgBoostGolden.refused], 30_000),
    mutations: [...bytewise, mutateNumbers, mutateNumbers, mutateNumbers],
  },
  {
    format: 'ONNX',
    read: (bytes) => readOnnx(bytes).ensemble,
    models: [...foreignOnnx, ...ownOnnx].filter(({ length }) => length < 30_000),
    mutations: bytewise,
  },
];

describe('any damage becomes a sound ensemble or a TreeEnsembleError', () => {
  it.each(readers)(
    '$format',
    ({ read, models, mutations }) => {
      const outcomes = fuzz(read, models, mutations, 31);
      // It must see both ends, and many ways of refusing: a fuzzer whose mutants all die at the first byte finds nothing.
      expect(outcomes['accepted']).toBeGreaterThan(numMutants / 100);
      expect(outcomes['accepted']).toBeLessThan(numMutants / 2);
      expect(Object.keys(outcomes).length).toBeGreaterThanOrEqual(8);
    },
    120_000,
  );
});
