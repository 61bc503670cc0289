import type { Figure } from '../figure.ts';
import { median } from '../figure.ts';
import { trainOnExtract } from '../train-on-extract.ts';

const limitSeconds = 180;
const limitGibibytes = 2;

export const trainHomeCredit: Figure = {
  name: 'train-home-credit',
  title: 'a whole training on the Home Credit extract by the command line: no search, 5 folds and final fit, evidence included',
  unit: 's',
  target: `under ${limitSeconds} s and ${limitGibibytes} GiB (peak RSS of the process tree) on 2 cores`,

  async measure({ isShort, log }) {
    const runs = [];
    for (const seed of isShort ? [42] : [42, 43, 44]) runs.push(await trainOnExtract(seed, log));
    const seconds = runs.map((run) => run.seconds);
    const gibibytes = runs.map(({ peakResidentBytes }) => peakResidentBytes / 2 ** 30);
    const [first] = runs;
    const timings = (first?.evidence.timings ?? []).map((timing) => `${timing.part} ${timing.seconds.toFixed(1)}`).join(', ');
    return {
      value: median(seconds),
      samples: seconds,
      rival: { name: 'limit', value: limitSeconds },
      isMet: Math.max(...seconds) < limitSeconds && Math.max(...gibibytes) < limitGibibytes,
      details: {
        'peak RSS GiB': Math.max(...gibibytes),
        rows: first?.manifest.training.rows ?? 0,
        features: first?.manifest.featureNames.length ?? 0,
        'phases of the first, s': timings,
      },
    };
  },
};
