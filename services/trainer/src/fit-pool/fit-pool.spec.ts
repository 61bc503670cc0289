import { createRandom } from '@lisible/credit';
import { defaultHyperParameters, predictMargins, selectRows, serialiseTrees, train } from '@lisible/tree-ensemble';
import type { HyperParameters } from '@lisible/tree-ensemble';
import { Worker } from 'node:worker_threads';
import type { SharedData, TreesOrder } from './fit-order.ts';
import { FitPool, FitPoolError, UnlearnableDataError } from './fit-pool.ts';

const numRows = 600;
const featureNames = ['first', 'second', 'third', 'noise'];
const random = createRandom(3);
const values = Float32Array.from({ length: numRows * featureNames.length }, () => (random.uniform() < 0.1 ? Number.NaN : random.normal()));
const labels = Uint8Array.from({ length: numRows }, (_, row) => (random.normal() + 1.5 * (values[row * 4] || 0) > 1 ? 1 : 0));
const data: SharedData = { matrix: { numRows, numFeatures: featureNames.length, values }, labels, featureNames };

const range = (from: number, to: number): Uint32Array => Uint32Array.from({ length: to - from }, (_, index) => from + index);
const hyperParameters: HyperParameters = { ...defaultHyperParameters, numRounds: 40, numLeaves: 5, minDataInLeaf: 5, earlyStoppingRounds: 10 };
const order: Omit<TreesOrder, 'kind' | 'giveUpAtMs'> = {
  rows: range(0, 350),
  stoppingRows: range(350, 450),
  judgedRows: range(450, numRows),
  columns: null,
  labels: null,
  hyperParameters,
  monotoneConstraints: null,
  seed: 1,
};
const noStop = { ...hyperParameters, numRounds: 60, earlyStoppingRounds: 0 };

describe('fit pool', () => {
  const pools: FitPool[] = [];
  const open = (...[options]: [ConstructorParameters<typeof FitPool>[1]?]): FitPool => {
    const pool = new FitPool(data, options);
    pools.push(pool);
    return pool;
  };
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.close();
  });

  it('gives the same fits with one thread, two threads and none', async () => {
    const seeds = [1, 2, 3, 4];
    const [one, two] = await Promise.all(
      [1, 2].map(async (numWorkers) => {
        const pool = open({ numWorkers });
        return Promise.all(seeds.map((seed) => pool.fitTrees({ ...order, seed, hyperParameters: { ...hyperParameters, featureFraction: 0.6 } })));
      }),
    );
    seeds.forEach((seed, index) => {
      const { ensemble, bestRound, evaluations } = train({
        matrix: selectRows(data.matrix, order.rows),
        labels: labels.subarray(0, 350),
        featureNames,
        hyperParameters: { ...hyperParameters, featureFraction: 0.6 },
        seed,
        validation: { matrix: selectRows(data.matrix, order.stoppingRows ?? []), labels: labels.subarray(350, 450) },
      });
      for (const fit of [one![index]!, two![index]!]) {
        expect(serialiseTrees(fit.ensemble)).toBe(serialiseTrees(ensemble));
        expect(fit.margins).toEqual(predictMargins(ensemble, selectRows(data.matrix, order.judgedRows)));
        expect(fit).toMatchObject({ bestRound, stoppingLogLoss: evaluations[bestRound - 1] });
        expect(fit.seconds).toBeGreaterThan(0);
      }
    });
    expect(new Set(one!.map(({ ensemble }) => serialiseTrees(ensemble))).size).toBe(seeds.length);
  });

  it('learns another outcome from some columns, each under its own constraint', async () => {
    const others = labels.map((label, row) => (row % 5 === 0 ? 1 - label : label));
    const fit = await open().fitTrees({
      ...order,
      columns: Uint32Array.of(0, 3),
      labels: others,
      monotoneConstraints: Int8Array.of(-1, 0, 0, 1),
    });
    const pick = (rows: Uint32Array) => ({
      matrix: {
        numRows: rows.length,
        numFeatures: 2,
        values: Float32Array.from([...rows].flatMap((row) => [values[row * 4]!, values[row * 4 + 3]!])),
      },
      labels: Uint8Array.from(rows, (row) => others[row]!),
    });
    const { ensemble } = train({
      ...pick(order.rows),
      featureNames: ['first', 'noise'],
      hyperParameters,
      monotoneConstraints: [-1, 1],
      seed: 1,
      validation: pick(range(350, 450)),
    });
    expect(serialiseTrees(fit.ensemble)).toBe(serialiseTrees(ensemble));
  });

  it('fits a scorecard on its own rows and judges the others', async () => {
    const columns = featureNames.map((featureName) => ({ featureName, kind: 'number' as const, trend: 'either' as const }));
    const { scorecard, margins } = await open().fitScorecard({
      rows: range(0, 450),
      judgedRows: order.judgedRows,
      columns,
      options: { minRowsOfClass: 5 },
    });
    expect(scorecard.rows).toBe(450);
    expect(scorecard.features.map(({ featureName }) => featureName)).toContain('first');
    const ofLabel = (wanted: number): number => {
      const chosen = margins.filter((_, position) => labels[450 + position] === wanted);
      return chosen.reduce((sum, margin) => sum + margin, 0) / chosen.length;
    };
    expect(ofLabel(1)).toBeGreaterThan(ofLabel(0) + 0.5);
  });

  it('tells how far a fit is', async () => {
    const rounds: number[] = [];
    await open().fitTrees({ ...order, stoppingRows: null, hyperParameters: noStop }, (round) => rounds.push(round));
    expect(rounds).toEqual([20, 40, 60]);
  });

  it('gives up a fit whose time is up, and goes on', async () => {
    const pool = open({ numWorkers: 1 });
    expect(await pool.tryTrees({ ...order, giveUpAtMs: 1 })).toBeNull();
    expect(await pool.tryTrees({ ...order, giveUpAtMs: Number.MAX_SAFE_INTEGER })).not.toBeNull();
  });

  it('fails the one fit that the data forbid, naming why, and goes on', async () => {
    const pool = open({ numWorkers: 1 });
    const none = pool.fitTrees({ ...order, labels: new Uint8Array(numRows) });
    const sound = pool.fitTrees(order);
    await expect(none).rejects.toEqual(new UnlearnableDataError('one-class', 'every training label is 0: there is nothing to learn'));
    expect((await sound).bestRound).toBeGreaterThan(0);
    const columns = featureNames.map((featureName) => ({ featureName, kind: 'number' as const, trend: 'either' as const }));
    await expect(
      pool.fitScorecard({ rows: order.rows, judgedRows: order.judgedRows, columns, options: { minInformationValue: 99 } }),
    ).rejects.toBeInstanceOf(UnlearnableDataError);
  });

  it('fails everything with one message when a thread dies', async () => {
    const threads: Worker[] = [];
    const pool = open({
      numWorkers: 2,
      startWorker: (script, options) => {
        const worker = new Worker(script, options);
        threads.push(worker);
        return worker;
      },
    });
    const long = { ...order, stoppingRows: null, hyperParameters: { ...noStop, numRounds: 100_000 } };
    const { promise: underWay, resolve } = Promise.withResolvers<number>();
    const fits = [1, 2, 3].map((seed) => pool.fitTrees({ ...long, seed }, seed === 2 ? resolve : undefined));
    const ended = Promise.allSettled(fits);
    await underWay;
    await threads[1]!.terminate();
    const reason = new FitPoolError('a fit ended unexpectedly, with code 1');
    expect(await ended).toEqual(fits.map(() => ({ status: 'rejected', reason })));
    await expect(pool.fitTrees(order)).rejects.toEqual(reason);
  });

  it('stops in the middle of a fit', async () => {
    const pool = open();
    const fit = pool.fitTrees({ ...order, stoppingRows: null, hyperParameters: { ...noStop, numRounds: 100_000 } });
    const ended = Promise.allSettled([fit]);
    await pool.close();
    expect(await ended).toEqual([{ status: 'rejected', reason: new FitPoolError('the training was stopped') }]);
    await expect(pool.fitTrees(order)).rejects.toBeInstanceOf(FitPoolError);
  });
});
