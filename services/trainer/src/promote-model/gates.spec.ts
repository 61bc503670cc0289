import { absoluteGates } from './gates.ts';

const metrics = {
  rocAuc: { value: 0.75, lower: 0.74, upper: 0.76 },
  averagePrecision: 0.22,
  ks: 0.37,
  gini: 0.5,
  brierScore: 0.068,
  logLoss: 0.246,
  expectedCalibrationError: 0.002,
  calibrationSlope: 1,
  calibrationIntercept: 0,
  costPerApplication: 0.53,
  baselineRocAuc: 0.716,
  foldRocAuc: [],
};
const missed = (changes: Partial<typeof metrics>, rows = 30_000): readonly string[] =>
  absoluteGates({ metrics: { ...metrics, ...changes }, training: { rows, defaultRate: 0.08, folds: 5, seconds: 20 } })
    .filter(({ isPassed }) => !isPassed)
    .map(({ name }) => name);

describe('absolute gates', () => {
  it('let a sound first model through', () => expect(missed({})).toEqual([]));

  it('stop one that ranks no better than chance or than a single feature', () => {
    expect(missed({ rocAuc: { value: 0.51, lower: 0.49, upper: 0.53 } })).toEqual(['beats-constant', 'beats-single-feature']);
    expect(missed({ baselineRocAuc: 0.77 })).toEqual(['beats-single-feature']);
  });

  it('stop one that is too good to be true', () => expect(missed({ rocAuc: { value: 0.99, lower: 0.98, upper: 1 } })).toEqual(['no-leak']));

  it('stop a badly calibrated one, with more patience where defaults are few', () => {
    expect(missed({ calibrationSlope: 0.85 })).toEqual(['calibrated']);
    expect(missed({ calibrationSlope: 1.15 })).toEqual(['calibrated']);
    expect(missed({ calibrationSlope: 0.85 }, 1500)).toEqual([]);
    expect(missed({ calibrationSlope: 0.7 }, 1500)).toEqual(['calibrated']);
  });

  it('stop what cannot be measured', () => expect(missed({ calibrationSlope: Number.NaN })).toEqual(['calibrated']));
});
