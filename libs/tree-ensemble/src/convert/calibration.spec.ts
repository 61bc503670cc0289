import * as fc from 'fast-check';
import { arbitraryEnsemble, arbitraryRow } from '../arbitrary-ensemble.testing.ts';
import { foldCalibration, predictMargin, treeShap } from '../index.ts';

describe('foldCalibration', () => {
  it('moves margins and attributions along the line', () => {
    const slope = fc.double({ min: 0.1, max: 3, noNaN: true });
    const intercept = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(arbitraryEnsemble(3), arbitraryRow(3), slope, intercept, (ensemble, row, a, b) => {
        const folded = foldCalibration(ensemble, { slope: a, intercept: b });
        expect(Math.abs(predictMargin(folded, row) - (a * predictMargin(ensemble, row) + b))).toBeLessThan(1e-12);
        const before = treeShap(ensemble, row);
        const after = treeShap(folded, row);
        expect(Math.abs(after.baseValue - (a * before.baseValue + b))).toBeLessThan(1e-12);
        after.shapValues.forEach((value, feature) => expect(Math.abs(value - a * before.shapValues[feature])).toBeLessThan(1e-12));
      }),
      { seed: 1 },
    );
  });

  it.each([
    { slope: 0, intercept: 0 },
    { slope: -1, intercept: 0 },
    { slope: NaN, intercept: 0 },
    { slope: 1, intercept: Infinity },
  ])('refuses %j', (calibration) => {
    expect(() => foldCalibration({ featureNames: [], baseValue: 0, trees: [] }, calibration)).toThrow(
      expect.objectContaining({ code: 'bad-calibration' }),
    );
  });
});
