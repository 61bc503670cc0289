/** Our side of a training race: a process of its own that reads the data, learns, and prints what it took. Started by training-race.ts. */
import { readFileSync } from 'node:fs';
import { rocAuc } from '@lisible/credit';
import { defaultHyperParameters, predictMargins, trainInThreads } from '@lisible/tree-ensemble';
import { readRaceRows } from './training-race-data.ts';

const [folder = '', ...sizes] = process.argv.slice(2);
const [numRows = 0, numHeldOut = 0, numFeatures = 0, numRounds = 0, numWorkers = 0] = sizes.map(Number);

const { values, labels } = readRaceRows(folder, numFeatures, 0, numRows);
const start = performance.now();
const { ensemble } = await trainInThreads(
  {
    matrix: { numRows, numFeatures, values },
    labels,
    featureNames: Array.from({ length: numFeatures }, (_, feature) => `x${feature}`),
    hyperParameters: { ...defaultHyperParameters, numRounds, numLeaves: 31, learningRate: 0.1, maxBin: 255 },
    seed: 1,
  },
  { numWorkers },
);
const seconds = (performance.now() - start) / 1000;
const peakBytes = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
const heldOut = readRaceRows(folder, numFeatures, numRows, numHeldOut);
const margins = predictMargins(ensemble, { numRows: numHeldOut, numFeatures, values: heldOut.values });
console.log(JSON.stringify({ seconds, peakBytes, rocAuc: rocAuc(heldOut.labels, margins), version: process.version }));
