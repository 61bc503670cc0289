import { createRandom } from '@lisible/credit';
import type { FeatureMatrix, TreeEnsemble } from '@lisible/tree-ensemble';

const extremes = [
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  1.401298464324817e-45,
  -1.401298464324817e-45,
  0,
  -0,
];

/** Shares of missing and of extreme values; the rest lies on or right beside a threshold, where a wrong comparison shows. */
const missingShare = 0.15;
const extremeShare = 0.1;

/**
 * Rows that a converted model is likeliest to get wrong: values equal to the trees' own thresholds or one float32 step beside,
 * missing values, infinities, the greatest and the least floats, both zeros.
 */
export const parityRows = (ensemble: TreeEnsemble, numRows: number, seed: number): FeatureMatrix => {
  const random = createRandom(seed);
  const numFeatures = ensemble.featureNames.length;
  const thresholds: number[][] = ensemble.featureNames.map(() => []);
  for (const { splitFeature, threshold } of ensemble.trees) splitFeature.forEach((feature, node) => thresholds[feature]?.push(threshold[node] ?? 0));
  const values = new Float32Array(numRows * numFeatures);
  const oneOf = (candidates: readonly number[]): number => candidates[random.integer(candidates.length)] ?? 0;
  for (let index = 0; index < values.length; index++) {
    const draw = random.uniform();
    const own = thresholds[index % numFeatures] ?? [];
    if (draw < missingShare) values[index] = Number.NaN;
    else if (draw < missingShare + extremeShare) values[index] = oneOf(extremes);
    else values[index] = own.length === 0 ? random.normal() : step(oneOf(own), random.integer(3) - 1);
  }
  return { numRows, numFeatures, values };
};

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The float32 nearest to the value, or its neighbour in bits. */
const step = (value: number, by: number): number => {
  float[0] = value;
  if (value !== 0) bits[0] = (bits[0] ?? 0) + by;
  return float[0];
};
