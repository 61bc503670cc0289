import { parentPort, workerData } from 'node:worker_threads';
import { createChunkDrawer, type PopulationPlan } from './chunk.ts';

/** Draws the chunks that it is asked for, in the order asked, and hands their bytes over without a copy. */
const plan: PopulationPlan = workerData;
const draw = createChunkDrawer(plan);

parentPort?.on('message', (index: number) => {
  const chunk = draw(index);
  parentPort?.postMessage(chunk, [...chunk.tables.map(({ bytes }) => bytes.buffer), chunk.outcomes.buffer, chunk.trueProbabilities.buffer]);
});
