import { reliabilityBinOf } from './reliability-bin.ts';

const bin = (meanProbability: number) => ({ rows: 100, meanProbability, defaultRate: { value: meanProbability, lower: 0, upper: 1 } });

describe('the bin that an estimate is read in', () => {
  it('is the one whose mean estimate lies nearest, at the ends too', () => {
    const bins = [0.01, 0.05, 0.2].map(bin);
    expect([0, 0.02, 0.04, 0.12, 0.13, 0.9].map((probability) => reliabilityBinOf(bins, probability))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('is none where there are none', () => {
    expect(reliabilityBinOf([], 0.1)).toBeNull();
  });
});
