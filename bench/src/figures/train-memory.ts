import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';
import { race, spread } from '../training-race.ts';

const limit = 1;

export const trainMemory: Figure = {
  name: 'train-memory',
  title: 'peak memory of a training, the whole process, against LightGBM: 300,000 × 200 float32 values and 100 trees, two threads each',
  unit: '× LightGBM’s peak',
  target: `at most ${limit}; 0.6 aimed at`,

  async measure({ isShort, log }) {
    const { laps, details } = await race(['ours', 'lightgbm'], isShort, log);
    const [ours, lightGbm] = [laps.ours, laps.lightgbm].map((ofRacer) => ofRacer.map(({ peakBytes }) => peakBytes / 2 ** 20));
    if (ours === undefined || lightGbm === undefined) throw new Error('a racer is missing');
    const ratio = median(ours) / median(lightGbm);
    return {
      value: ratio,
      samples: ours.map((peak, index) => peak / (lightGbm[index] ?? Number.NaN)),
      rival: { name: 'LightGBM’s MiB', value: median(lightGbm) },
      isMet: ratio <= limit,
      details: { 'our MiB, median': median(ours), 'our MiB': spread(ours), 'LightGBM’s MiB': spread(lightGbm), ...details },
    };
  },
};
