import { homeCreditCatalogue } from '@lisible/credit';
import { sigmoid } from '@lisible/tree-ensemble';
import type { ArtefactStore } from '@lisible/platform';
import { loadExplainableModel } from '../model-versions/explainable-model.ts';
import { trainSmallModel } from '../testing/small-model.ts';
import { attribute, attributeAll } from './attribute.ts';

const model = trainSmallModel('v1', 4);
const artefacts: Pick<ArtefactStore, 'read'> = {
  read: async (key) => model.files.get(key.split('/').at(-1)!) ?? new TextEncoder().encode(JSON.stringify(model.manifest)),
};

describe('attribute', () => {
  it('adds up to the margin shown, to reasons and others that make pd − reference', async () => {
    const explainable = await loadExplainableModel(artefacts as ArtefactStore, 'v1', 'trees.json');
    for (let position = 0; position < 50; position++) {
      const decided = model.decidedOf(position);
      const { attributions, reference, reasonCodes, others, populationBaseValue } = attribute(homeCreditCatalogue, explainable, decided);
      const total = attributions.shapValues.reduce((sum, value) => sum + value, attributions.baseValue);
      expect(Math.abs(total - decided.margin)).toBeLessThan(1e-9);
      expect(reference.probabilityOfDefault).toBe(sigmoid(attributions.baseValue));
      const points = reasonCodes.reduce((sum, reason) => sum + reason.points, others.points);
      expect(points).toBeCloseTo(100 * (decided.probabilityOfDefault - reference.probabilityOfDefault), 9);
      expect(reasonCodes.length).toBeLessThanOrEqual(4);
      expect(populationBaseValue).not.toBe(attributions.baseValue);
    }
  });

  it('is a bug when these are not the trees that decided', async () => {
    const fold = await loadExplainableModel(artefacts as ArtefactStore, 'v1', 'fold-0.trees.json');
    expect(() => attribute(homeCreditCatalogue, fold, model.decidedOf(1))).toThrow(/attributions of T-1 miss the margin of model v1/);
    const whole = await loadExplainableModel(artefacts as ArtefactStore, 'v1', 'trees.json');
    expect(() => attribute(homeCreditCatalogue, whole, { ...model.decidedOf(1), margin: Number.NaN })).toThrow(/miss the margin/);
  });

  it('gives for many at once what it gives for each, and throws where one of them misses', async () => {
    const explainable = await loadExplainableModel(artefacts as ArtefactStore, 'v1', 'trees.json');
    const decided = Array.from({ length: 20 }, (_, position) => model.decidedOf(position));
    expect(attributeAll(homeCreditCatalogue, explainable, decided)).toEqual(
      decided.map((estimate) => attribute(homeCreditCatalogue, explainable, estimate)),
    );
    expect(attributeAll(homeCreditCatalogue, explainable, [])).toEqual([]);
    const broken = decided.map((estimate, position) => (position === 17 ? { ...estimate, margin: estimate.margin + 1e-6 } : estimate));
    expect(() => attributeAll(homeCreditCatalogue, explainable, broken)).toThrow(/attributions of T-17 miss the margin/);
  });
});
