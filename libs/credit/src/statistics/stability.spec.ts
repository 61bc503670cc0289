import * as fc from 'fast-check';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import {
  characteristicStability,
  createRandom,
  featureDependence,
  featureImportances,
  friedmanH,
  kendallTau,
  ksTwoSample,
  missingRates,
  partialDependence,
  populationStabilityIndex,
  spearmanCorrelation,
} from './index.ts';

describe('stability', () => {
  const values = fc.array(fc.option(fc.integer({ min: -5, max: 5 }), { nil: Number.NaN }), { minLength: 1, maxLength: 60 });

  it('a sample is stable against itself and never less than stable against another, either way round for counts', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        for (const kind of ['number', 'category'] as const) {
          expect(characteristicStability(first, first, { kind }).psi).toBe(0);
          const { bins, psi } = characteristicStability(first, second, { kind });
          expect(psi).toBeGreaterThanOrEqual(0);
          expect(bins.reduce((sum, { currentShare }) => sum + currentShare, 0)).toBeCloseTo(1, 12);
        }
      }),
    );
    expect(populationStabilityIndex([10, 20, 0], [5, 5, 5])).toBeCloseTo(populationStabilityIndex([5, 5, 5], [10, 20, 0]), 14);
  });

  it('missing values that appear are seen', () => {
    const reference = Array.from({ length: 100 }, (_, row) => row);
    const current = reference.map((value) => (value % 4 === 0 ? Number.NaN : value));
    expect(characteristicStability(reference, current).psi).toBeGreaterThan(0.25);
    expect(missingRates({ numRows: 2, numFeatures: 2, values: Float32Array.of(1, Number.NaN, 2, 3) })).toEqual(Float64Array.of(0, 0.5));
  });

  it('two samples of one distribution look alike, of two do not', () => {
    const random = createRandom(2);
    const normal = (shift: number) => Array.from({ length: 1000 }, () => random.normal() + shift);
    expect(ksTwoSample(normal(0), normal(0)).pValue).toBeGreaterThan(0.01);
    expect(ksTwoSample(normal(0), normal(0.3)).pValue).toBeLessThan(1e-6);
    expect(ksTwoSample([1, 2], [1, 2])).toEqual({ statistic: 0, pValue: 1 });
  });

  it('rank correlations see order only, and turn their sign with it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 }), (order) => {
        for (const correlation of [spearmanCorrelation, kendallTau]) {
          expect(
            correlation(
              order,
              order.map((value) => value ** 3),
            ),
          ).toBeCloseTo(1, 12);
          expect(
            correlation(
              order,
              order.map((value) => -value),
            ),
          ).toBeCloseTo(-1, 12);
        }
      }),
    );
  });
});

describe('explanations', () => {
  it('ranks features by mean |SHAP| with intervals that hold it', () => {
    const random = createRandom(3);
    const shap = Float64Array.from({ length: 3000 }, (_, index) => random.normal() * [0.2, 1, 0.21][index % 3]!);
    const importances = featureImportances(shap, ['weak', 'strong', 'alike'], { resamples: 200, seed: 1 });
    expect(importances[0]).toMatchObject({ featureName: 'strong', rank: 1, rankLower: 1, rankUpper: 1 });
    expect(importances.some(({ rankLower, rankUpper }) => rankLower < rankUpper)).toBe(true);
    expect(importances.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const { meanAbsoluteShap } of importances) expect(meanAbsoluteShap.lower).toBeLessThanOrEqual(meanAbsoluteShap.value);
  });

  it('dependence counts every row once, equal values together, missing ones last', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { nil: Number.NaN }), { minLength: 1, maxLength: 80 }), (values) => {
        const bins = featureDependence(
          values,
          values.map((_, row) => row),
          { bins: 4 },
        );
        expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(values.length);
        const known = bins.flatMap(({ members }) => (members !== null && 'lowest' in members ? [members] : []));
        expect(known.every(({ lowest }, index) => index === 0 || lowest > known[index - 1]!.highest)).toBe(true);
        expect(bins.some(({ members }) => members === null)).toBe(values.some(Number.isNaN));
      }),
    );
  });

  it('finds no interaction in a sum, all of one in a product of centred features, and counts steps the wrong way', () => {
    const random = createRandom(6);
    const matrix = { numRows: 50, numFeatures: 2, values: Float32Array.from({ length: 100 }, () => random.normal()) };
    const rowsOf = (compute: (a: number, b: number) => number) => (input: FeatureMatrix) =>
      Float64Array.from({ length: input.numRows }, (_, row) => compute(input.values[2 * row]!, input.values[2 * row + 1]!));
    const [sum] = friedmanH(
      rowsOf((a, b) => a + Math.exp(b)),
      matrix,
      [[0, 1]],
    );
    const [product] = friedmanH(
      rowsOf((a, b) => a * b),
      matrix,
      [[0, 1]],
    );
    expect(sum!.hSquared).toBeLessThan(1e-12);
    expect(product!.hSquared).toBeGreaterThan(0.8);
    const grid = [-1, 0, 1];
    expect(
      partialDependence(
        rowsOf((a) => a ** 3),
        matrix,
        0,
        grid,
        'rising',
      ),
    ).toEqual({
      grid,
      means: [-1, 0, 1],
      violations: { shareOfSteps: 0, shareOfRows: 0, greatest: 0 },
    });
    expect(
      partialDependence(
        rowsOf((a) => a * a),
        matrix,
        0,
        grid,
        'rising',
      ).violations,
    ).toEqual({ shareOfSteps: 0.5, shareOfRows: 1, greatest: 1 });
  });
});
