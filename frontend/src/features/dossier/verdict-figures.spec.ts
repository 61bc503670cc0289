import fc from 'fast-check';
import { verdictFigures } from './verdict-figures.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('the figures of a verdict', () => {
  it('are whole cases when they tell risk and threshold apart', () => {
    expect(verdictFigures(0.142, 1 / 11)).toEqual({ decimals: 0, risk: 14, threshold: 9, gap: 5, side: 'above' });
    expect(verdictFigures(0.0312, 1 / 11)).toEqual({ decimals: 0, risk: 3, threshold: 9, gap: 6, side: 'below' });
  });

  it('take a decimal within a point of the threshold, rather than say « 9 sur 100, seuil 9, 0 point »', () => {
    expect(verdictFigures(0.0935, 1 / 11)).toEqual({ decimals: 1, risk: 9.4, threshold: 9.1, gap: 0.3, side: 'above' });
    expect(verdictFigures(0.0911, 1 / 11)).toEqual({ decimals: 2, risk: 9.11, threshold: 9.09, gap: 0.02, side: 'above' });
  });

  it('take a decimal where both roundings add up, rather than say « 8 sur 100, seuil 9, 1 point » of 1.5 points', () => {
    expect(verdictFigures(0.0761, 1 / 11)).toEqual({ decimals: 1, risk: 7.6, threshold: 9.1, gap: 1.5, side: 'below' });
  });

  it('take a decimal where the whole case stands on another side of the grey zone', () => {
    const zone = { lower: 0.08, upper: 0.105 };
    expect(verdictFigures(0.0789, 1 / 11).decimals).toBe(0);
    expect(verdictFigures(0.0789, 1 / 11, zone)).toEqual({ decimals: 1, risk: 7.9, threshold: 9.1, gap: 1.2, side: 'below' });
  });

  it('take a decimal below one case in a hundred', () => {
    expect(verdictFigures(0.004, 1 / 11)).toEqual({ decimals: 1, risk: 0.4, threshold: 9.1, gap: 8.7, side: 'below' });
  });

  it('say so when nothing tells the two apart', () => {
    expect(verdictFigures(1 / 11, 1 / 11).side).toBe('at');
  });

  it('add up as shown, and never stand on the wrong side', () => {
    fc.assert(
      fc.property(probability, probability, (risk, threshold) => {
        const figures = verdictFigures(risk, threshold);
        expect(Math.abs(figures.risk - figures.threshold)).toBeCloseTo(figures.gap, 9);
        expect(Math.abs(figures.risk - risk * 100)).toBeLessThanOrEqual(0.5 + 1e-9);
        if (figures.side === 'above') expect(risk).toBeGreaterThan(threshold);
        if (figures.side === 'below') expect(risk).toBeLessThan(threshold);
        if (figures.side === 'at') expect(Math.abs(risk - threshold)).toBeLessThan(0.0001);
      }),
      { seed: 7 },
    );
  });
});
