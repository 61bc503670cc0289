import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { defaultHyperParameters, predictMargin, predictMargins, serialiseTrees, train, type HyperParameters } from '../index.ts';
import { featureNames, heldOut, learning, meanLogLoss, range, rocAuc, toHyperParameters } from './learning-set.testing.ts';

interface MonotoneGolden {
  readonly constraints: number[];
  readonly runs: Record<string, { parameters: Record<string, number>; logLoss: number; rocAuc: number }>;
}

const golden = JSON.parse(readFileSync(new URL('../../golden/monotone.json', import.meta.url), 'utf8')) as MonotoneGolden;
const tiny: HyperParameters = { ...defaultHyperParameters, numRounds: 8, minDataInLeaf: 1, minSumHessianInLeaf: 0 };

/** One row a line: x0, x1, x2, label. */
const trainOn = (rows: readonly (readonly [number, number, number, boolean])[], constraints: readonly number[], settings: Partial<HyperParameters>) =>
  train({
    matrix: { numRows: rows.length, numFeatures: 3, values: Float32Array.from(rows.flatMap(([x0, x1, x2]) => [x0, x1, x2])) },
    // Both classes, whatever was drawn.
    labels: Uint8Array.from(rows, ([, , , label], row) => (row === 0 ? 0 : row === 1 || label ? 1 : 0)),
    featureNames: ['x0', 'x1', 'x2'],
    hyperParameters: { ...tiny, ...settings },
    monotoneConstraints: constraints,
    seed: 5,
  }).ensemble;

const value = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -4, max: 4 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, 1e-40, 3e38, 0.5) },
);
const known = value.filter((drawn) => !Number.isNaN(drawn));
const direction = fc.constantFrom(-1, 0, 1);

describe('monotone constraints', () => {
  it('never let the margin move against a constraint, all else equal', () => {
    const row = fc.tuple(value, value, value, fc.boolean());
    let numMoves = 0;
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 12, maxLength: 90 }),
        fc.tuple(direction, direction, direction),
        fc.record({
          numLeaves: fc.constantFrom(4, 8, 31),
          lambdaL1: fc.constantFrom(0, 0.3),
          lambdaL2: fc.constantFrom(0, 2),
          maxBin: fc.constantFrom(3, 8, 255),
        }),
        fc.array(fc.tuple(known, known, value, value), { minLength: 20, maxLength: 20 }),
        (rows, constraints, settings, moves) => {
          const ensemble = trainOn(rows, constraints, settings);
          constraints.forEach((constraint, feature) => {
            for (const [one, another, ...others] of moves) {
              const at = (moved: number): number => predictMargin(ensemble, others.toSpliced(feature, 0, moved));
              const change = at(Math.max(one, another)) - at(Math.min(one, another));
              if (change !== 0 && constraint !== 0) numMoves++;
              expect(change * constraint).toBeGreaterThanOrEqual(0);
            }
          });
        },
      ),
      { seed: 11, numRuns: 300 },
    );
    // The property would hold of constant models as well.
    expect(numMoves).toBeGreaterThan(1000);
  });

  it('are broken by the same data without them', () => {
    const rows = range(0, 60).map((row) => [row % 6, row % 4, row % 5, row % 6 === 1 || row % 6 === 4] as const);
    const wave = (constraints: number[]): number[] => {
      const ensemble = trainOn(rows, constraints, {});
      return range(0, 6).map((x0) => predictMargin(ensemble, [x0, 1, 1]));
    };
    const isRising = (margins: readonly number[]): boolean => margins.every((margin, at) => at === 0 || margin >= margins[at - 1]);
    expect(isRising(wave([0, 0, 0]))).toBe(false);
    expect(isRising(wave([1, 0, 0]))).toBe(true);
  });

  it.each(Object.keys(golden.runs))('reach LightGBM’s quality under the same constraints: %s', (name) => {
    const { parameters, logLoss, rocAuc: auc } = golden.runs[name];
    const hyperParameters = toHyperParameters(parameters);
    const { ensemble } = train({ ...learning, featureNames, hyperParameters, monotoneConstraints: golden.constraints, seed: 1 });
    const margins = predictMargins(ensemble, heldOut.matrix);
    // LightGBM's own quantised gradients move these losses by as much from seed to seed; without constraints they fall by 0.006.
    expect(Math.abs(meanLogLoss(heldOut.labels, margins) - logLoss)).toBeLessThan(0.004);
    expect(Math.abs(rocAuc(heldOut.labels, margins) - auc)).toBeLessThan(0.006);
  });

  it('leave missing values free to stand on the side where they belong', () => {
    // Known values fall in risk as they grow; missing ones are riskier than any of them, or safer.
    for (const isMissingRisky of [true, false]) {
      const rows = range(0, 400).map((row) => {
        const x0 = row % 4 === 0 ? Number.NaN : row % 10;
        const isRisky = Number.isNaN(x0) ? isMissingRisky : row % 10 < 3 !== (row % 17 === 0);
        return [x0, 0, 0, isRisky] as const;
      });
      const ensemble = trainOn(rows, [-1, 0, 0], { minDataInLeaf: 10 });
      const margins = [0, 3, 9].map((x0) => predictMargin(ensemble, [x0, 0, 0]));
      const missing = predictMargin(ensemble, [Number.NaN, 0, 0]);
      expect(margins).toEqual(margins.toSorted((a, b) => b - a));
      expect(missing).toBeGreaterThan(isMissingRisky ? margins[0] - 0.5 : -Infinity);
      expect(missing).toBeLessThan(isMissingRisky ? Infinity : margins[2] + 0.5);
    }
  });

  it('change nothing where every one of them is 0', () => {
    const [without, zeros] = [undefined, featureNames.map(() => 0)].map((monotoneConstraints) => {
      const { ensemble } = train({
        ...learning,
        featureNames,
        hyperParameters: tiny,
        seed: 1,
        ...(monotoneConstraints === undefined ? {} : { monotoneConstraints }),
      });
      return serialiseTrees(ensemble);
    });
    expect(zeros === without).toBe(true);
  });
});
