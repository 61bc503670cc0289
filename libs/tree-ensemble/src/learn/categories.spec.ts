import * as fc from 'fast-check';
import { binCategories } from './category-bins.ts';
import {
  categoryGolden,
  categoryHeldOut,
  categoryLearning,
  categoryNames,
  categoryWeights,
  factsOf,
  factsOfLightGbm,
} from './category-set.testing.ts';
import { listCodes } from '../categories.ts';
import { defaultHyperParameters, predictMargin, predictMargins, serialiseTrees, train, type HyperParameters, type TrainingInput } from '../index.ts';
import { meanLogLoss, range, rocAuc, toHyperParameters } from './learning-set.testing.ts';
import { findLeaf } from '../predict.ts';
import { createRandom } from '../random.ts';

const { runs, categoricalFeatures, interactionConstraints } = categoryGolden;
const tiny: HyperParameters = { ...defaultHyperParameters, numRounds: 4, minDataInLeaf: 1, minSumHessianInLeaf: 0, minDataPerGroup: 1, catSmooth: 0 };

const asInLightGbm = (parameters: Record<string, number>): HyperParameters => ({ ...toHyperParameters(parameters), catNoiseDiscount: 0 });

function trainAs(name: string, seed: number, input: Partial<TrainingInput> = {}) {
  const { parameters, isWeighted } = runs[name];
  return train({
    ...categoryLearning,
    featureNames: categoryNames,
    hyperParameters: asInLightGbm(parameters),
    categoricalFeatures,
    seed,
    ...(isWeighted && { weights: categoryWeights }),
    ...(name === 'interaction constraints' && { interactionConstraints }),
    ...input,
  });
}

const column = (values: readonly number[]): Pick<TrainingInput, 'matrix' | 'featureNames'> => ({
  matrix: { numRows: values.length, numFeatures: 1, values: Float32Array.from(values) },
  featureNames: ['x'],
});

describe('categories', () => {
  // Without weights many categories are alike in the first round, and which of them comes first is a matter of rounding.
  it.each(Object.keys(runs).filter((name) => runs[name].isWeighted))('grow LightGBM’s first tree, node by node: %s', (name) => {
    const { ensemble } = trainAs(name, 1, { hyperParameters: { ...asInLightGbm(runs[name].parameters), numRounds: 1 } });
    const ours = factsOf(ensemble.trees[0], ensemble);
    const theirs = factsOfLightGbm(runs[name].firstTree);
    expect(ours.splits.map(({ path, feature, numRows }) => [path, feature, numRows])).toEqual(
      theirs.splits.map(({ path, feature, numRows }) => [path, feature, numRows]),
    );
    ours.splits.forEach(({ where, isMissingLeft }, index) => {
      const other = theirs.splits[index];
      if (typeof where === 'number') expect(where).toBeCloseTo(Number(other.where), 9);
      else {
        expect(where).toEqual(other.where);
        expect(isMissingLeft).toBe(other.isMissingLeft);
      }
    });
    ours.leaves.forEach(({ path, numRows, value }, index) => {
      expect([path, numRows]).toEqual([theirs.leaves[index].path, theirs.leaves[index].numRows]);
      // LightGBM keeps gradients as float32.
      expect(Math.abs(value - theirs.leaves[index].value)).toBeLessThan(1e-6);
    });
  });

  it.each(Object.keys(runs))('reach LightGBM’s quality on held-out rows: %s', (name) => {
    const margins = predictMargins(trainAs(name, 1).ensemble, categoryHeldOut.matrix);
    const { logLoss, rocAuc: auc } = runs[name];
    // Both engines' losses move by so much when a seed or the order of rows does.
    expect(Math.abs(meanLogLoss(categoryHeldOut.labels, margins) - logLoss)).toBeLessThan(0.005);
    expect(Math.abs(rocAuc(categoryHeldOut.labels, margins) - auc)).toBeLessThan(0.008);
  });

  it('lose less than LightGBM’s where noise is taken off', () => {
    const differences = Object.entries(runs).map(([name, { parameters, logLoss }]) => {
      const { ensemble } = trainAs(name, 1, { hyperParameters: toHyperParameters(parameters) });
      return meanLogLoss(categoryHeldOut.labels, predictMargins(ensemble, categoryHeldOut.matrix)) - logLoss;
    });
    expect(Math.max(...differences)).toBeLessThan(0.001);
    expect(differences.reduce((sum, difference) => sum + difference, 0) / differences.length).toBeLessThan(-0.003);
  });

  it('cost less where they tell nothing, with noise taken off', () => {
    const random = createRandom(5, 0);
    const numRows = 12_000;
    const draw = (): number[] => [random(), Math.floor(600 * random())];
    const rows = range(0, numRows).map(draw);
    const labels = Uint8Array.from(rows, ([score]) => (random() < 0.05 + 0.3 * score ? 1 : 0));
    const take = (from: number, to: number) => ({
      matrix: { numRows: to - from, numFeatures: 2, values: Float32Array.from(rows.slice(from, to).flat()) },
      labels: labels.slice(from, to),
    });
    const heldOut = take(8000, numRows);
    const aucWith = (catNoiseDiscount: number): number => {
      const hyperParameters = { ...defaultHyperParameters, numRounds: 40, numLeaves: 6, catNoiseDiscount };
      const input = { ...take(0, 8000), featureNames: ['score', 'code'], hyperParameters, categoricalFeatures: [1], seed: 1 };
      return rocAuc(heldOut.labels, predictMargins(train(input).ensemble, heldOut.matrix));
    };
    const best = rocAuc(
      heldOut.labels,
      Float64Array.from(rows.slice(8000), ([score]) => score),
    );
    const ofOurs = aucWith(defaultHyperParameters.catNoiseDiscount);
    expect(ofOurs).toBeGreaterThan(best - 0.02);
    expect(aucWith(0)).toBeLessThan(ofOurs - 0.01);
  });

  it('beat the same codes read as numbers', () => {
    const loss = (input: Partial<TrainingInput>): number =>
      meanLogLoss(categoryHeldOut.labels, predictMargins(trainAs('no weights', 1, input).ensemble, categoryHeldOut.matrix));
    expect(loss({})).toBeLessThan(loss({ categoricalFeatures: [] }) - 0.01);
  });

  it('give the same trees, bit for bit, for the same seed, features drawn and categories in several columns', () => {
    const hyperParameters = { ...defaultHyperParameters, numRounds: 8, featureFraction: 0.5, baggingFraction: 0.6, baggingFreq: 2 };
    const [first, again, other] = [7, 7, 8].map((seed) => serialiseTrees(trainAs('defaults', seed, { hyperParameters }).ensemble));
    expect(again === first).toBe(true);
    expect(other === first).toBe(false);
  });

  it('part raw codes exactly as they were binned, missing, rare and many ones included', () => {
    const code = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 5 }) },
      { weight: 2, arbitrary: fc.constantFrom(31, 32, 63, 64, 700, 65_535) },
      { weight: 1, arbitrary: fc.constant(NaN) },
      { weight: 3, arbitrary: fc.integer({ min: 1000, max: 1400 }) },
    );
    let numSets = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(code, code, fc.boolean()), { minLength: 12, maxLength: 120 }),
        fc.constantFrom(2, 4, 255),
        fc.constantFrom(1, 4, 1000),
        fc.integer({ min: 1, max: 4 }),
        (drawn, maxBin, maxCatToOnehot, numCopies) => {
          // Copies keep rare codes from sharing the bin of the others.
          const rows = range(0, numCopies).flatMap(() => drawn);
          const values = Float32Array.from(rows.flatMap(([first, second]) => [first, second]));
          const matrix = { numRows: rows.length, numFeatures: 2, values };
          const labels = Uint8Array.from(rows, ([, , label], row) => (row === 0 ? 0 : row === 1 || label ? 1 : 0));
          const { ensemble } = train({
            matrix,
            labels,
            featureNames: ['first', 'second'],
            hyperParameters: { ...tiny, maxBin, maxCatToOnehot },
            categoricalFeatures: [0, 1],
            seed: 3,
          });
          for (const tree of ensemble.trees) {
            const reached = new Float64Array(tree.cover.length);
            for (let row = 0; row < rows.length; row++) reached[findLeaf(tree, values, row * 2)]++;
            tree.leftChild.forEach((child, node) => {
              if (child < 0) expect(reached[node]).toBe(tree.cover[node]);
              else {
                numSets++;
                expect(tree.defaultLeft[node]).toBe(0);
                expect(listCodes(tree.categories?.[node] ?? new Uint32Array(0)).length).toBeGreaterThan(0);
              }
            });
            expect(tree.leafValue.every(Number.isFinite)).toBe(true);
          }
        },
      ),
      { seed: 4, numRuns: 200 },
    );
    expect(numSets).toBeGreaterThan(1000);
  });

  it('tell thousands of categories apart, which fill several columns', () => {
    const numCodes = 1500;
    const codes = range(0, numCodes * 20).map((row) => (row * 7919) % numCodes);
    const isRisky = (value: number): boolean => value % 7 === 0;
    // Two rows in twenty of each code tell the wrong way.
    const isMisleading = (row: number): boolean => Math.floor(row / numCodes) % 10 === 0;
    const labels = Uint8Array.from(codes, (value, row) => (isRisky(value) === isMisleading(row) ? 0 : 1));
    const hyperParameters = { ...defaultHyperParameters, numRounds: 40, maxCatThreshold: 500, learningRate: 0.3 };
    const { ensemble } = train({ ...column(codes), labels, hyperParameters, categoricalFeatures: [0], seed: 1 });
    const wrong = range(0, numCodes).filter((value) => predictMargin(ensemble, [value]) > 0 !== isRisky(value));
    expect(wrong.length).toBeLessThan(numCodes * 0.02);
  });

  it('send what training never saw right, with what is missing', () => {
    const codes = range(0, 400).map((row) => row % 4);
    const labels = Uint8Array.from(codes, (value, row) => (value === 2 || row % 10 === 0 ? 1 : 0));
    const { ensemble } = train({ ...column(codes), labels, hyperParameters: tiny, categoricalFeatures: [0], seed: 1 });
    const margins = [NaN, 9, 70_000, -1, 1.5].map((value) => predictMargin(ensemble, [value]));
    for (const margin of margins) expect(margin).toBe(margins[0]);
  });

  it('bin the most frequent codes until 99 % of the rows are covered, and rare ones with the missing', () => {
    const counts: readonly (readonly [number, number])[] = [
      [8, 500],
      [3, 400],
      [5, 90],
      [9, 5],
      [1, 3],
      [2, 2],
    ];
    const codes = counts.flatMap(([code, count]) => range(0, count).map(() => code));
    const keptAt = (maxBin: number, values: readonly number[]): number[] =>
      binCategories(0, Float32Array.from(values), maxBin).flatMap(({ bins }) => [...(bins.categories ?? [])]);
    expect(keptAt(2, codes)).toEqual([8, 3, 5]);
    expect(keptAt(5, codes)).toEqual([8, 3, 5, 9]);
    expect(keptAt(255, codes)).toEqual([8, 3, 5, 9, 1]);
    expect(keptAt(255, [4, 4, 4, 4, NaN])).toEqual([4]);
    expect(keptAt(255, [4, 4, 4, 4])).toEqual([]);
    expect(keptAt(255, [NaN, NaN])).toEqual([]);
  });

  it('spread over columns of 254 categories', () => {
    const codes = range(0, 3000).map((row) => row % 600);
    const columns = binCategories(0, Float32Array.from(codes), 255);
    expect(columns.map(({ bins }) => [bins.numPages, bins.numValueBins])).toEqual([
      [3, 254],
      [0, 254],
      [0, 86],
    ]);
    for (let row = 0; row < codes.length; row++) {
      const pages = columns.filter(({ bins, codes: ofPage }) => ofPage[row] < bins.numValueBins);
      if (pages.length > 0) expect(columns[0].bins.categories?.[columns.indexOf(pages[0]) * 254 + pages[0].codes[row]]).toBe(codes[row]);
      expect(pages.length).toBeLessThanOrEqual(1);
    }
  });
});
