import * as fc from 'fast-check';
import { createRandom } from './index.ts';

/** Rows with both classes, two of each; coarse probabilities so that ties are common. */
export const samples = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), probability: fc.integer({ min: 1, max: 39 }).map((step) => step / 40) }), {
    minLength: 4,
    maxLength: 120,
  })
  .filter((sample) => {
    const positives = sample.filter(({ label }) => label === 1).length;
    return positives >= 2 && sample.length - positives >= 2;
  })
  .map((sample) => ({ labels: sample.map(({ label }) => label), probabilities: sample.map(({ probability }) => probability) }));

/** Calibrated probabilities with their labels. */
export const drawCalibrated = (rows: number, seed: number) => {
  const random = createRandom(seed);
  const margins = Float64Array.from({ length: rows }, () => random.normal() * 1.1 - 2.3);
  const probabilities = margins.map((margin) => 1 / (1 + Math.exp(-margin)));
  const labels = Uint8Array.from(probabilities, (probability) => (random.uniform() < probability ? 1 : 0));
  return { labels, margins, probabilities };
};
