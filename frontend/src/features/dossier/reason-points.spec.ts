import fc from 'fast-check';
import { exampleExplanation } from '../../testing/examples.ts';
import { pointsToRead, roundToTotal } from './reason-points.ts';

describe('points to read', () => {
  it('go from the reference to the risk, as shown', () => {
    const points = pointsToRead(exampleExplanation());
    expect(points).toEqual({ decimals: 1, reference: 8.4, risk: 14.2, gap: 5.8, reasons: [4, 2.5], others: -0.7 });
    expect(points.reference + points.reasons.reduce((sum, value) => sum + value, 0) + points.others).toBeCloseTo(points.risk, 9);
  });
});

describe('rounding to a total', () => {
  it('adds up exactly and moves nothing by a whole unit', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -60, max: 60, noNaN: true }), { minLength: 1, maxLength: 6 }), (values) => {
        const total = Math.round(values.reduce((sum, value) => sum + value, 0) * 10) / 10;
        const rounded = roundToTotal(values, total, 1);
        expect(rounded.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 6);
        for (const [index, value] of rounded.entries()) expect(Math.abs(value - (values[index] ?? Number.NaN))).toBeLessThan(0.1 + 1e-9);
      }),
      { seed: 7 },
    );
  });
});
