import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultHyperParameters, serialiseTrees, train, trainInThreads, type TrainingInput } from '@lisible/tree-ensemble';
import type { Figure } from '../figure.ts';
import { readRaceRows, writeRaceData } from '../training-race-data.ts';

const workers = [1, 2, 4] as const;

/** What might depend on who does what: sums, draws, stops. */
const variants: Readonly<Record<string, Partial<TrainingInput['hyperParameters']>>> = {
  defaults: {},
  'bags and drawn features': { baggingFraction: 0.7, baggingFreq: 1, featureFraction: 0.4, lambdaL1: 0.5, lambdaL2: 3 },
  'early stopping': { earlyStoppingRounds: 3, learningRate: 0.5, numLeaves: 63 },
};

export const trainDeterminism: Figure = {
  name: 'train-determinism',
  title: 'distinct models of one seed, learnt by 1, 2 and 4 threads and by the caller’s own, with and without draws and early stopping',
  unit: 'distinct models a setting',
  target: '1: the same bytes',

  async measure({ isShort, log }) {
    const size = isShort ? { numRows: 60_000, numHeldOut: 10_000, numFeatures: 60 } : { numRows: 200_000, numHeldOut: 20_000, numFeatures: 150 };
    const numRounds = isShort ? 15 : 40;
    const { numRows, numHeldOut, numFeatures } = size;
    const folder = mkdtempSync(join(tmpdir(), 'lisible-race-'));
    const samples: number[] = [];
    const numBytes: number[] = [];
    try {
      writeRaceData(folder, size);
      const { values, labels } = readRaceRows(folder, numFeatures, 0, numRows);
      const heldOut = readRaceRows(folder, numFeatures, numRows, numHeldOut);
      for (const [name, settings] of Object.entries(variants)) {
        const input: TrainingInput = {
          matrix: { numRows, numFeatures, values },
          labels,
          featureNames: Array.from({ length: numFeatures }, (_, feature) => `x${feature}`),
          hyperParameters: { ...defaultHyperParameters, numRounds, ...settings },
          validation: { matrix: { numRows: numHeldOut, numFeatures, values: heldOut.values }, labels: heldOut.labels },
          seed: 7,
        };
        const models = new Set([serialiseTrees(train(input).ensemble)]);
        for (const numWorkers of workers) models.add(serialiseTrees((await trainInThreads(input, { numWorkers })).ensemble));
        samples.push(models.size);
        numBytes.push([...models][0]?.length ?? 0);
        log(`${name}: ${models.size} distinct model(s)`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const most = Math.max(...samples);
    return {
      value: most,
      samples,
      rival: null,
      isMet: most === 1,
      details: {
        rows: numRows,
        features: numFeatures,
        trees: numRounds,
        threads: `none, ${workers.join(', ')}`,
        settings: Object.keys(variants).join('; '),
        'characters of each model': numBytes.join(', '),
      },
    };
  },
};
