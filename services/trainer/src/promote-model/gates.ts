import type { ModelManifest } from '@lisible/contracts';

export interface Gate {
  readonly name: string;
  /** What it asks, with the numbers that it was asked about. */
  readonly statement: string;
  readonly isPassed: boolean;
}

/** CHANGE WHAT A FIRST MODEL MUST SHOW HERE: absolute gates, since there is no champion to compare with. */
const constantRocAuc = 0.5;
const maxRocAuc = 0.95;
const maxSlopeDeviation = 0.1;
/** With few defaults the slope itself is uncertain (its standard error is near 1/√defaults): no gate is tighter than so many of them. */
const standardErrors = 2.5;

const show = (value: number): string => value.toFixed(4);

/** Parity with ONNX and additive attributions are not here: without them a version is not even registered. */
export const absoluteGates = ({ metrics, training }: Pick<ModelManifest, 'metrics' | 'training'>): readonly Gate[] => {
  const { rocAuc, baselineRocAuc, calibrationSlope } = metrics;
  const slopeDeviation = Math.max(maxSlopeDeviation, standardErrors / Math.sqrt(training.rows * training.defaultRate));
  return [
    {
      name: 'beats-constant',
      statement: `the lower bound of the ROC AUC, ${show(rocAuc.lower)}, is above ${constantRocAuc}`,
      isPassed: rocAuc.lower > constantRocAuc,
    },
    // The best of many features was picked on these very rows, so the model gets the benefit of its own interval.
    {
      name: 'beats-single-feature',
      statement: `the ROC AUC, ${show(rocAuc.value)} (at most ${show(rocAuc.upper)}), reaches that of the best single feature, ${show(baselineRocAuc)}`,
      isPassed: rocAuc.upper >= baselineRocAuc,
    },
    {
      name: 'no-leak',
      statement: `the ROC AUC, ${show(rocAuc.value)}, is at most ${maxRocAuc}: beyond, some feature knows the outcome`,
      isPassed: rocAuc.value <= maxRocAuc,
    },
    {
      name: 'calibrated',
      statement: `the calibration slope, ${show(calibrationSlope)}, is within ${show(slopeDeviation)} of 1`,
      isPassed: Math.abs(calibrationSlope - 1) <= slopeDeviation,
    },
  ];
};
