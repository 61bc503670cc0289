import * as fc from 'fast-check';
import { findColumnSplit, prepareSearch, type LeafSearch } from '../learn/split-search.ts';
import { closeBinsOf, exponential, findBin, gradientOf, quantiseRow, sumRows } from '../learn/learning-kernels.testing.ts';
import { defaultHyperParameters } from '../learn/hyper-parameters.ts';
import { range } from '../learn/learning-set.testing.ts';
import { createRandom } from '../random.ts';
import { findThresholds } from '../learn/thresholds.ts';
import { binningWasm } from './binning.wasm.ts';
import { histogramWasm } from './histogram.wasm.ts';
import { openKernel } from './open-kernel.ts';
import { rowsWasm } from './rows.wasm.ts';
import { splitScanWasm } from './split-scan.wasm.ts';

const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
const bytes = new Uint8Array(memory.buffer);
const words = new Int32Array(memory.buffer);
const unsigned = new Uint32Array(memory.buffer);
const floats = new Float32Array(memory.buffer);
const doubles = new Float64Array(memory.buffer);
const binning = openKernel(binningWasm, memory, ['sortValues', 'countDistinct', 'closeBins', 'encode']);
const histogram = openKernel(histogramWasm, memory, ['sumAllRows', 'sumRows', 'sumPickedLanes', 'sumOfColumn', 'settle']);
const rowsKernel = openKernel(rowsWasm, memory, ['computeGradients', 'quantise', 'part', 'copyBytes', 'sumPairs', 'addToMargins', 'walkCodes']);
const scan = openKernel(splitScanWasm, memory, ['scanThresholds', 'scanConstrained']);
/** Regions of 256 KiB. */
const at = (region: number): number => region * 2 ** 18;

const writePacked = (address: number, gradients: readonly number[], hessians: readonly number[]): void =>
  gradients.forEach((gradient, index) => {
    words[(address >>> 2) + 2 * index] = hessians[index];
    words[(address >>> 2) + 2 * index + 1] = gradient;
  });
const readPacked = (address: number, length: number) => ({
  gradients: Array.from({ length }, (_, index) => words[(address >>> 2) + 2 * index + 1]),
  hessians: Array.from({ length }, (_, index) => unsigned[(address >>> 2) + 2 * index]),
});
const integers = (length: number, limit: number, seed: number, from = 0): number[] => {
  const random = createRandom(seed, 0);
  return Array.from({ length }, () => from + Math.floor(random() * (limit - from)));
};

describe('the histogram kernel', () => {
  it.each([8, 16, 32])('sums gradients and hessians by code, all rows or some, at a stride of %d', (stride) => {
    const numRows = 5000;
    const codes = integers(numRows * stride, 256, stride);
    const gradients = integers(numRows, 1000, 2, -1000);
    const hessians = integers(numRows, 1000, 3);
    bytes.set(codes, at(1));
    writePacked(at(2), gradients, hessians);
    const some = integers(numRows, 10, 4).flatMap((drawn, row) => (drawn < 6 ? [row] : []));
    words.set(some, at(3) >>> 2);
    const groups = stride === 8 ? 1 : 2;
    for (const rows of [some, gradients.map((_, row) => row)]) {
      if (rows === some) histogram.sumRows(at(4), at(1), stride, groups, at(2), at(3), rows.length, at(5), at(6));
      else histogram.sumAllRows(at(4), at(1), stride, groups, at(2), rows.length);
      for (let lane = (groups - 1) * 8; lane < groups * 8; lane++) {
        const ofLane = codes.filter((_, index) => index % stride === lane);
        expect(readPacked(at(4) + lane * 2048, 256)).toEqual(sumRows(ofLane, gradients, hessians, rows));
      }
    }
  });

  it.each([
    [8, [1, 5]],
    [16, [0, 3, 15]],
    [32, [2, 15, 16, 31]],
    [32, range(0, 32).filter((lane) => lane % 3 !== 1)],
  ])('sums picked lanes side by side, at a stride of %d: %j', (stride, lanes) => {
    const numRows = 3000;
    const codes = integers(numRows * stride, 256, 40 + stride);
    const gradients = integers(numRows, 1000, 2, -1000);
    const hessians = integers(numRows, 1000, 3);
    bytes.set(codes, at(1));
    writePacked(at(2), gradients, hessians);
    const some = integers(numRows, 10, 4).flatMap((drawn, row) => (drawn < 6 ? [row] : []));
    words.set(some, at(3) >>> 2);
    bytes.fill(255, at(7), at(7) + 64);
    lanes.forEach((lane, place) => {
      bytes[at(7) + (place >>> 4) * 32 + (lane >>> 4) * 16 + (place & 15)] = lane & 15;
    });
    for (const rows of [some, gradients.map((_, row) => row)]) {
      histogram.sumPickedLanes(at(4), at(1), stride, lanes.length, at(7), at(2), rows === some ? at(3) : 0, rows.length, at(5), at(6));
      lanes.forEach((lane, place) => {
        const ofLane = codes.filter((_, index) => index % stride === lane);
        expect(readPacked(at(4) + place * 2048, 256)).toEqual(sumRows(ofLane, gradients, hessians, rows));
      });
    }
  });

  it('leaves lanes alone that were not asked for', () => {
    words.fill(7, at(4) >>> 2, (at(4) >>> 2) + 32 * 512);
    histogram.sumAllRows(at(4), at(1), 32, 2, at(2), 100);
    expect(words[at(4) >>> 2]).toBe(7);
    expect(words[(at(4) >>> 2) + 16 * 512]).toBe(7);
  });

  it('takes the sums of one column from those of the codes of several', () => {
    const numBins = [3, 7, 11];
    const radices = [1, 3, 21];
    const bins = numBins.map((limit, column) => integers(2000, limit, column + 10));
    const codes = bins[0].map((_, row) => radices.reduce((code, radix, column) => code + radix * bins[column][row], 0));
    const gradients = integers(2000, 500, 5, -500);
    const hessians = integers(2000, 500, 6);
    const joint = sumRows(codes, gradients, hessians, [...codes.keys()]);
    writePacked(at(1), joint.gradients, joint.hessians);
    numBins.forEach((limit, column) => {
      histogram.sumOfColumn(at(2), at(1), 3 * 7 * 11, radices[column], limit);
      const own = sumRows(bins[column], gradients, hessians, [...codes.keys()]);
      expect(readPacked(at(2), limit)).toEqual({ gradients: own.gradients.slice(0, limit), hessians: own.hessians.slice(0, limit) });
    });
  });

  it('settles the smaller child’s sums and leaves the parent the rest', () => {
    writePacked(at(1), [5, -7, 0], [3, 2, 0]);
    writePacked(at(2), [2, -9, 4], [9, 2, 5]);
    histogram.settle(at(1), at(3), at(2), 3);
    expect(readPacked(at(3), 3)).toEqual({ gradients: [5, -7, 0], hessians: [3, 2, 0] });
    expect(readPacked(at(2), 3)).toEqual({ gradients: [-3, -2, 4], hessians: [6, 0, 5] });
    histogram.settle(at(1), at(3), 0, 3);
    expect(readPacked(at(2), 3)).toEqual({ gradients: [-3, -2, 4], hessians: [6, 0, 5] });
  });
});

describe('the scan of thresholds', () => {
  it('finds the split that its twin finds, to the bit', () => {
    let numFound = 0;
    let numMissingLeft = 0;
    const bin = fc.tuple(
      fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: -40, max: 40 }) },
        { weight: 1, arbitrary: fc.integer({ min: -1_000_000, max: 1_000_000 }) },
      ),
      fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: 300 }) }),
    );
    fc.assert(
      fc.property(
        fc.array(bin, { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        fc.constantFrom(0, 0.5, 30),
        fc.constantFrom(0, 2, 1000),
        fc.constantFrom(1, 5, 60),
        fc.option(
          fc.record({
            direction: fc.constantFrom(-1, 0, 1),
            lowerBound: fc.constantFrom(-Infinity, -0.2),
            upperBound: fc.constantFrom(0.1, Infinity),
          }),
        ),
        (bins, hasMissing, lambdaL1, lambdaL2, minDataInLeaf, constraint) => {
          // Rows without hessian have no gradient.
          const gradients = bins.map(([gradient, hessian]) => (hessian === 0 ? 0 : gradient));
          const hessians = bins.map(([, hessian]) => hessian);
          const numValueBins = bins.length - (hasMissing ? 1 : 0);
          if (numValueBins === 0) return;
          const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
          const leaf = { gradient: sum(gradients), hessian: sum(hessians), numRows: 200, lowerBound: -Infinity, upperBound: Infinity, ...constraint };
          const settings = { ...defaultHyperParameters, lambdaL1, lambdaL2, minDataInLeaf, minSumHessianInLeaf: 0 };
          const search: LeafSearch | null = prepareSearch(leaf, settings, { gradientUnit: 0.5, hessianUnit: 0.25 }, constraint !== null);
          if (search === null) return;
          const sums = { gradients: Float64Array.from(gradients), hessians: Float64Array.from(hessians) };
          const columnBins = { feature: 0, numValueBins, thresholds: new Float64Array(numValueBins), categories: null, hasMissing, numPages: 1 };
          const expected = findColumnSplit(sums, columnBins, constraint?.direction ?? 0, search);
          writePacked(at(1), gradients, hessians);
          const { totalGradient, totalHessian, l1, l2, minHessian, requiredGain, gainUnit, outputUnit, lower, upper } = search;
          doubles.set([totalGradient, totalHessian, l1, l2, minHessian, requiredGain, lower, upper], at(2) / 8);
          const missing = hasMissing ? 1 : 0;
          if (constraint === null) scan.scanThresholds(at(1), numValueBins, missing, at(2), at(3));
          else scan.scanConstrained(at(1), numValueBins, missing, constraint.direction, at(2), at(3));
          const [gain, found, missingLeft, middle] = doubles.subarray(at(3) / 8, at(3) / 8 + 4);
          const actual = found < 0 ? null : { bin: found, isMissingLeft: missingLeft === 1, gain: (gain - requiredGain) * gainUnit };
          if (expected === null || expected.kind !== 'threshold') return expect(actual).toBeNull();
          numFound++;
          if (expected.isMissingLeft) numMissingLeft++;
          if (constraint !== null) expect(middle * outputUnit).toBe(expected.middleOutput);
          expect(actual).toEqual({ bin: expected.bin, isMissingLeft: expected.isMissingLeft, gain: expected.gain });
        },
      ),
      {
        seed: 4,
        numRuns: 4000,
        // Two candidates of the same pair of bins that are as good: missing values on the left of the first, on the right of the second.
        examples: [
          [
            [
              [0, 1],
              [4, 10],
              [4, 10],
            ],
            true,
            0,
            0,
            60,
            null,
          ],
          [
            [
              [0, 1],
              [4, 10],
              [4, 10],
            ],
            true,
            0,
            0,
            60,
            { direction: 0, lowerBound: -Infinity, upperBound: Infinity },
          ],
        ],
      },
    );
    expect(numFound).toBeGreaterThan(1000);
    expect(numMissingLeft).toBeGreaterThan(100);
  });
});

describe('the binning kernel', () => {
  const value = fc.oneof(
    fc.constantFrom(Infinity, -Infinity, 0, -0, 1, 1e-40, -1e-40, 3.4e38, -3.4e38),
    fc.integer({ min: -9, max: 9 }),
    fc.float({ noNaN: true }),
  );
  const sorted = (values: readonly number[]): number[] => [...Float32Array.from(values).toSorted()];

  it('sorts float32 numbers and counts the distinct ones', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), (values) => {
        floats.set(values, at(1) >>> 2);
        binning.sortValues(at(1), at(2), values.length, at(3));
        expect([...floats.subarray(at(1) >>> 2, (at(1) >>> 2) + values.length)]).toEqual(sorted(values));
        const numDistinct = binning.countDistinct(at(1), values.length, at(4));
        const distinct = [...floats.subarray(at(1) >>> 2, (at(1) >>> 2) + numDistinct)];
        const expected = [...new Set(sorted(values).map((each) => each + 0))];
        expect(distinct.map((each) => each + 0)).toEqual(expected);
        expect([...words.subarray(at(4) >>> 2, (at(4) >>> 2) + numDistinct)]).toEqual(
          expected.map((each) => Float32Array.from(values).filter((other) => other === each).length),
        );
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it('closes bins where LightGBM does', () => {
    const count = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) }, { weight: 1, arbitrary: fc.integer({ min: 20, max: 400 }) });
    fc.assert(
      fc.property(fc.array(count, { minLength: 1, maxLength: 120 }), fc.integer({ min: 1, max: 30 }), (counts, numBins) => {
        const total = counts.reduce((sum, each) => sum + each, 0);
        words.set(counts, at(1) >>> 2);
        const numClosed = binning.closeBins(at(1), counts.length, total, numBins, at(2));
        expect([...words.subarray(at(2) >>> 2, (at(2) >>> 2) + numClosed)]).toEqual([...closeBinsOf(counts)(0, counts.length, total, numBins)]);
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  it('encodes every value as the first bin whose threshold is not below it', () => {
    const maybe = fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant(NaN) });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 400 }),
        fc.array(maybe, { minLength: 1, maxLength: 60 }),
        fc.constantFrom(2, 16, 17, 255),
        (known, values, maxBin) => {
          const distinct = [...new Set(sorted(known).map((each) => each + 0))];
          const counts = distinct.map(() => 3);
          const thresholds = [...findThresholds(Float32Array.from(distinct), Int32Array.from(counts), maxBin, closeBinsOf(counts))];
          floats.fill(Infinity, at(1) >>> 2, (at(1) >>> 2) + 272);
          floats.set(thresholds, at(1) >>> 2);
          for (let run = 0; run < 16; run++) floats[(at(1) >>> 2) + 256 + run] = floats[(at(1) >>> 2) + run * 16 + 15];
          floats.set(
            values.flatMap((each) => [each, 5]),
            at(2) >>> 2,
          );
          const hasMissing = binning.encode(at(2), 8, values.length, at(1), thresholds.length <= 16 ? 1 : 0, thresholds.length, at(3), 4, 1, 1);
          expect(hasMissing).toBe(values.some(Number.isNaN) ? 1 : 0);
          const expected = values.map((each) => findBin(Math.fround(each), thresholds, thresholds.length));
          expect(values.map((_, row) => bytes[at(3) + 4 * row])).toEqual(expected);
          // A second column in the same lane.
          values.forEach((_, row) => {
            bytes[at(3) + 4 * row] = row % 3;
          });
          if (thresholds.length >= 80) return;
          binning.encode(at(2), 8, values.length, at(1), thresholds.length <= 16 ? 1 : 0, thresholds.length, at(3), 4, 3, 0);
          expect(values.map((_, row) => bytes[at(3) + 4 * row])).toEqual(expected.map((bin, row) => bin * 3 + (row % 3)));
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('the kernel of rows', () => {
  it('raises e as Math.exp does, to an ulp or so', () => {
    for (let x = -708; x <= 708; x += 0.377) expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(4e-16);
  });

  it.each([0, 1])('derives log-loss as its twin does, to the bit (weights: %d)', (isWeighted) => {
    const numRows = 1001;
    const random = createRandom(7, isWeighted);
    const margins = Array.from({ length: numRows }, (_, row) => (row < 6 ? [0, -0, 1e4, -1e4, 708, -745][row] : (random() - 0.5) * 30));
    const labels = margins.map(() => (random() < 0.5 ? 1 : 0));
    const weights = margins.map(() => (isWeighted === 1 ? random() * 3 : 1));
    doubles.set(margins, at(1) / 8);
    bytes.set(labels, at(2));
    doubles.set(weights, at(3) / 8);
    rowsKernel.computeGradients(at(1), at(2), isWeighted === 1 ? at(3) : 0, at(4), 0, numRows, at(5));
    let [sumOfGradients, sumOfHessians] = [0, 0];
    margins.forEach((margin, row) => {
      const expected = gradientOf(margin, labels[row], weights[row]);
      expect([doubles[at(4) / 8 + 2 * row], doubles[at(4) / 8 + 2 * row + 1]]).toEqual([expected.gradient, expected.hessian]);
      sumOfGradients += Math.abs(expected.gradient);
      sumOfHessians += expected.hessian;
    });
    expect([...doubles.subarray(at(5) / 8, at(5) / 8 + 2)]).toEqual([sumOfGradients, sumOfHessians]);
  });

  it.each([0, 1])('rounds and packs as its twin does, whatever the order of the rows (bag: %d)', (isBagged) => {
    const numRows = 500;
    const random = createRandom(8, 0);
    const pairs = Array.from({ length: numRows * 2 }, (_, index) => (index % 2 === 0 ? random() - 0.5 : random()));
    doubles.set(pairs, at(1) / 8);
    const rows = integers(numRows, 10, 9).flatMap((drawn, row) => (drawn < 5 ? [row] : []));
    words.set(rows, at(2) >>> 2);
    const positions = isBagged === 1 ? rows : pairs.slice(0, numRows).map((_, row) => row);
    rowsKernel.quantise(at(1), at(3), isBagged === 1 ? at(2) : 0, 0, positions.length, 1e6, 2e5, 0xdeadbeef, 0x12345678, at(4));
    let [gradient, hessian] = [0, 0];
    for (const row of positions) {
      const expected = quantiseRow(row, pairs[2 * row], pairs[2 * row + 1], 1e6, 2e5, [0xdeadbeef, 0x12345678]);
      expect(readPacked(at(3) + 8 * row, 1)).toEqual({ gradients: [expected.gradient], hessians: [expected.hessian] });
      gradient += expected.gradient;
      hessian += expected.hessian;
    }
    expect(readPacked(at(4), 1)).toEqual({ gradients: [gradient], hessians: [hessian] });
  });

  it('rounds without a bias', () => {
    const numRows = 20_000;
    for (let row = 0; row < numRows; row++) doubles.set([-0.3, 0.7], at(8) / 8 + 2 * row);
    rowsKernel.quantise(at(8), at(12), 0, 0, numRows, 1, 1, 1, 2, at(4));
    const total = readPacked(at(4), 1);
    // Four standard errors of a share of 0.3 or 0.7.
    expect(Math.abs(total.gradients[0] / numRows + 0.3)).toBeLessThan(0.013);
    expect(Math.abs(total.hessians[0] / numRows - 0.7)).toBeLessThan(0.013);
  });

  it('parts rows in place, in order, and counts the missing', () => {
    const rows = integers(3000, 5, 1).map((drawn, position) => position * 5 + drawn);
    const codes = integers(15_000, 4, 2);
    bytes.set(
      codes.flatMap((code) => [9, code]),
      at(1),
    );
    bytes.set([1, 0, 1, 2], at(2));
    words.set(rows, at(3) >>> 2);
    const numLeft = rowsKernel.part(at(3), rows.length, at(1) + 1, 2, at(2), at(3), at(4), at(5));
    const left = rows.filter((row) => codes[row] === 0 || codes[row] === 2);
    const right = rows.filter((row) => codes[row] === 1 || codes[row] === 3);
    expect([...words.subarray(at(3) >>> 2, (at(3) >>> 2) + numLeft)]).toEqual(left);
    expect([...words.subarray(at(4) >>> 2, (at(4) >>> 2) + right.length)]).toEqual(right);
    expect(words[at(5) >>> 2]).toBe(rows.filter((row) => codes[row] === 3).length);
  });

  it('walks a tree over codes', () => {
    // Column a (stride 1) at the root, column b (stride 2) on its right.
    const a = integers(500, 5, 21);
    const b = integers(500, 7, 22);
    bytes.set(a, at(1));
    bytes.set(
      b.flatMap((code) => [code, 0]),
      at(2),
    );
    words.set([at(1), 1, 1, 2, 0, 0, -1, 0, at(2), 2, 3, 4, 0, 0, -1, 0, 0, 0, -1, 0], at(3) >>> 2);
    bytes.fill(0, at(4), at(4) + 5 * 256);
    bytes.set([1, 0, 3, 0, 2], at(4));
    bytes.set([0, 0, 0, 1, 0, 1, 1], at(4) + 2 * 256);
    doubles.set([0, 10, 0, 20, 30], at(5) / 8);
    doubles.fill(0.5, at(6) / 8, at(6) / 8 + 500);
    rowsKernel.walkCodes(at(6), 100, 500, at(3), at(4), at(5));
    const expected = a.map((code, row) => {
      if (row < 100) return 0.5;
      if (code === 0 || code === 2) return 10.5;
      return [3, 5, 6].includes(b[row]) ? 20.5 : 30.5;
    });
    expect([...doubles.subarray(at(6) / 8, at(6) / 8 + 500)]).toEqual(expected);
  });

  it('sums the pairs of rows in their order, and adds to their margins', () => {
    const random = createRandom(3, 3);
    const pairs = Array.from({ length: 200 }, () => random() - 0.5);
    const rows = [3, 4, 17, 50, 99];
    doubles.set(pairs, at(1) / 8);
    words.set(rows, at(2) >>> 2);
    rowsKernel.sumPairs(at(1), at(2), rows.length, at(3));
    expect([...doubles.subarray(at(3) / 8, at(3) / 8 + 2)]).toEqual([0, 1].map((part) => rows.reduce((sum, row) => sum + pairs[2 * row + part], 0)));
    rowsKernel.addToMargins(at(1), at(2), rows.length, 0.125);
    expect([...doubles.subarray(at(1) / 8, at(1) / 8 + 200)]).toEqual(pairs.map((pair, index) => (rows.includes(index) ? pair + 0.125 : pair)));
  });
});
