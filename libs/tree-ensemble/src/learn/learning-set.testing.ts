import { readFileSync } from 'node:fs';
import { defaultHyperParameters, selectRows, sigmoid, type FeatureMatrix, type HyperParameters } from '../index.ts';

interface LearningGolden {
  readonly numRows: number;
  readonly numTrain: number;
  readonly numFeatures: number;
  readonly missingCode: number;
  readonly codes: string;
  readonly labels: string;
  readonly runs: Record<string, { parameters: Record<string, number>; rocAuc: number }>;
}

export const learningGolden = JSON.parse(readFileSync(new URL('../../golden/learning.json', import.meta.url), 'utf8')) as LearningGolden;
export const featureNames = Array.from({ length: learningGolden.numFeatures }, (_, index) => `x${index}`);

function readLearningSet(): { matrix: FeatureMatrix; labels: Uint8Array } {
  const { numRows, numFeatures, missingCode } = learningGolden;
  const values = Float32Array.from(Buffer.from(learningGolden.codes, 'base64'), (code) => (code === missingCode ? NaN : code));
  const bits = Buffer.from(learningGolden.labels, 'base64');
  const labels = Uint8Array.from({ length: numRows }, (_, row) => (bits[row >> 3] >> (row & 7)) & 1);
  return { matrix: { numRows, numFeatures, values }, labels };
}

const all = readLearningSet();
export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
export const learning = { matrix: selectRows(all.matrix, range(0, learningGolden.numTrain)), labels: all.labels.slice(0, learningGolden.numTrain) };
export const heldOut = {
  matrix: selectRows(all.matrix, range(learningGolden.numTrain, learningGolden.numRows)),
  labels: all.labels.slice(learningGolden.numTrain),
};

/** Share of (1, 0) pairs in the right order; no ties to speak of among margins. */
export function rocAuc(labels: Uint8Array, margins: Float64Array): number {
  const order = [...margins.keys()].sort((left, right) => margins[left] - margins[right]);
  let negatives = 0;
  let pairs = 0;
  for (const row of order) {
    if (labels[row] === 0) negatives++;
    else pairs += negatives;
  }
  return pairs / (negatives * (labels.length - negatives));
}

export function meanLogLoss(labels: Uint8Array, margins: Float64Array): number {
  return labels.reduce((sum, label, row) => sum - Math.log(label === 1 ? sigmoid(margins[row]) : 1 - sigmoid(margins[row])), 0) / labels.length;
}

/** LightGBM's names are this room's, but for their case and for `num_iterations`. */
export function toHyperParameters(parameters: Record<string, number>): HyperParameters {
  const renamed = Object.entries(parameters).map(([name, value]) => [
    name === 'num_iterations' ? 'numRounds' : name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return { ...defaultHyperParameters, ...(Object.fromEntries(renamed) as Partial<HyperParameters>) };
}
