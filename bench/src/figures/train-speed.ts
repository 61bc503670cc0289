import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';
import { race, racers, spread } from '../training-race.ts';

const limitToLightGbm = 1;
const limitToXgBoost = 0.8;

export const trainSpeed: Figure = {
  name: 'train-speed',
  title: 'time of a training against LightGBM and XGBoost (hist): data set and 100 trees of 31 leaves on 300,000 × 200, two threads each',
  unit: '× LightGBM’s time',
  target: `at most ${limitToLightGbm} of LightGBM’s and ${limitToXgBoost} of XGBoost’s; 0.6 and 0.4 aimed at`,

  async measure({ isShort, log }) {
    const { laps, details } = await race(racers, isShort, log);
    const seconds = { ours: laps.ours, lightgbm: laps.lightgbm, xgboost: laps.xgboost };
    const [ours, lightGbm, xgBoost] = racers.map((racer) => seconds[racer].map((lap) => lap.seconds));
    if (ours === undefined || lightGbm === undefined || xgBoost === undefined) throw new Error('a racer is missing');
    const toLightGbm = median(ours) / median(lightGbm);
    const toXgBoost = median(ours) / median(xgBoost);
    return {
      value: toLightGbm,
      samples: ours.map((lap, index) => lap / (lightGbm[index] ?? Number.NaN)),
      rival: { name: 'LightGBM’s seconds', value: median(lightGbm) },
      isMet: toLightGbm <= limitToLightGbm && toXgBoost <= limitToXgBoost,
      details: {
        '× XGBoost’s time': toXgBoost,
        'our seconds, median': median(ours),
        'our seconds': spread(ours),
        'LightGBM’s seconds': spread(lightGbm),
        'XGBoost’s seconds, median': median(xgBoost),
        'XGBoost’s seconds': spread(xgBoost),
        ...details,
      },
    };
  },
};
