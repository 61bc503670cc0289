import { riskScale } from './risk-scale.ts';

describe('the scale of the risk bar', () => {
  it('is the shortest round one that holds everything with some air', () => {
    expect(riskScale([0.03, 0.0909, 0.103])).toEqual({ max: 0.2, ticks: [0, 0.05, 0.1, 0.15, 0.2] });
    expect(riskScale([0.55, 0.0909]).max).toBe(0.8);
    expect(riskScale([0.002, 0.05])).toEqual({ max: 0.1, ticks: [0, 0.02, 0.04, 0.06, 0.08, 0.1] });
  });

  it('never passes certainty', () => {
    expect(riskScale([0.99]).max).toBe(1);
    expect(riskScale([1]).ticks.at(-1)).toBe(1);
  });
});
