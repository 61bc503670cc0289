import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';
import { trainOnExtract } from '../train-on-extract.ts';

const slopes = { min: 0.95, max: 1.05 };
const ratios = { min: 0.9, max: 1.1 };
const maxCalibrationError = 0.01;
const isWithin = ({ min, max }: typeof slopes, value: number | undefined): boolean => value !== undefined && value >= min && value <= max;

export const calibration: Figure = {
  name: 'calibration',
  title: 'calibration of the cross-fitted out-of-fold estimates on the Home Credit extract',
  unit: '(slope of logit on margin)',
  target: `slope ${slopes.min} to ${slopes.max}; observed/expected ${ratios.min} to ${ratios.max} in the top decile and around the threshold; ECE (10 equal-count bins) at most ${maxCalibrationError}`,

  async measure({ isShort, log }) {
    const found = [];
    for (const seed of isShort ? [42] : [42, 43, 44]) found.push((await trainOnExtract(seed, log)).evidence.calibration);
    const slope = found.map((one) => one.slope.value);
    const errors = found.map((one) => one.expectedCalibrationError);
    const top = found.map((one) => one.topDecile?.value);
    const around = found.map((one) => one.aroundThreshold.observedToExpected?.value);
    const listed = (values: readonly (number | undefined)[]): string => values.map((value) => value?.toFixed(3) ?? 'none').join(' ');
    const [first] = found;
    return {
      value: median(slope),
      samples: slope,
      rival: null,
      isMet:
        slope.every((value) => isWithin(slopes, value)) &&
        [...top, ...around].every((value) => isWithin(ratios, value)) &&
        errors.every((value) => value <= maxCalibrationError),
      details: {
        'observed/expected, top decile': listed(top),
        'observed/expected around the threshold': listed(around),
        'around the threshold': `${first?.aroundThreshold.lower.toFixed(4)} to ${first?.aroundThreshold.upper.toFixed(4)}, ${first?.aroundThreshold.rows} rows`,
        'ECE, greatest': Math.max(...errors),
      },
    };
  },
};
