import { createRandom, fitAffineCalibration } from '@lisible/credit';
import { calibrateAcrossFolds, gatherMargins } from './fit-folds.ts';
import { drawFoldPlan } from './fold-plan.ts';

describe('calibration across folds', () => {
  const random = createRandom(2);
  const raw = Float64Array.from({ length: 400 }, () => 2 * random.normal());
  const labels = Uint8Array.from(raw, (margin) => (random.uniform() < 1 / (1 + Math.exp(1 - 0.5 * margin)) ? 1 : 0));
  const plan = drawFoldPlan(labels, { numFolds: 4, numInnerSplits: 3, seed: 1 });

  it('calibrates each fold by the others alone: outcomes of a fold change every estimate but its own', () => {
    const before = calibrateAcrossFolds(raw, labels, plan);
    const spoilt = labels.map((label, row) => (plan.folds[row] === 2 ? 1 - label : label));
    const after = calibrateAcrossFolds(raw, spoilt, plan);
    labels.forEach((_, row) => expect(after.margins[row] === before.margins[row]).toBe(plan.folds[row] === 2));
    const others = [...labels.keys()].filter((row) => plan.folds[row] !== 0);
    const byHand = fitAffineCalibration(
      others.map((row) => raw[row]!),
      others.map((row) => labels[row]!),
    );
    expect(before.calibrations[0]).toEqual(byHand);
    // Half the margin was true.
    for (const { slope } of before.calibrations) expect(Math.abs(slope - 0.5)).toBeLessThan(0.25);
  });

  it('puts margins where their rows stand, and nothing where nobody judged', () => {
    expect(gatherMargins(4, [{ judgedRows: Uint32Array.of(2, 0), margins: Float64Array.of(1, 5) }])).toEqual(
      Float64Array.of(5, Number.NaN, 1, Number.NaN),
    );
  });
});
