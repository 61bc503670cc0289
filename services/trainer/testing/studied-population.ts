import { createRandom, defineCatalogue, homeCreditCatalogue } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import type { LabelledMatrix } from '../src/train-model/fold-plan.ts';

/** Features of the made-up rows: a strong one held to a direction, a weak one, noise; named as the catalogue's own, whose words they borrow. */
export const strongFeature = 'externalScore2';
export const weakFeature = 'annuityToIncome';

/** Home Credit's catalogue with no other feature than the first few that a made-up matrix holds. */
export const narrowCatalogue = (numFeatures: number): Catalogue => {
  const chosen = homeCreditCatalogue.features.filter(({ isProtected }) => !isProtected);
  const first = [strongFeature, weakFeature].map((name) => chosen.find((feature) => feature.name === name)!);
  const noise = chosen.filter(({ name, monotoneDirection }) => monotoneDirection === null && name !== strongFeature && name !== weakFeature);
  return defineCatalogue({ ...homeCreditCatalogue, features: [...first, ...noise].slice(0, numFeatures) });
};

/** Rows whose risk falls with the strong feature and rises with the weak one; the rest is noise. A tenth of the cells are missing. */
export const drawStudiedRows = (catalogue: Catalogue, numRows: number, seed = 11): LabelledMatrix => {
  const random = createRandom(seed);
  const featureNames = catalogue.features.map(({ name }) => name);
  const values = Float32Array.from({ length: numRows * featureNames.length }, () => (random.uniform() < 0.1 ? Number.NaN : random.normal()));
  const labels = Uint8Array.from({ length: numRows }, (_, row) => {
    const [strong = 0, weak = 0] = [0, 1].map((feature) => values[row * featureNames.length + feature]! || 0);
    return random.uniform() < 1 / (1 + Math.exp(1.6 + 1.5 * strong - 0.6 * weak)) ? 1 : 0;
  });
  return { matrix: { numRows, numFeatures: featureNames.length, values }, labels, featureNames };
};
