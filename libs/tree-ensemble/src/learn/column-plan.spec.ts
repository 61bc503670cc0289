import * as fc from 'fast-check';
import { planColumns } from './column-plan.ts';
import { layOut } from './training-memory.ts';

const shapeOf = (numRows: number, maxColumns: number, numMembers: number) => ({
  numRows,
  numFeatures: maxColumns,
  maxColumns,
  maxLeaves: 31,
  wordsPerCategorySet: 0,
  hasWideCategories: false,
  isWeighted: false,
  isBagged: false,
  numSampled: numRows,
  numValidationRows: 0,
  isValidationWeighted: false,
  numMembers,
});

describe('planColumns', () => {
  it('gives each column its own bins of a byte, within the memory that was laid out', () => {
    let numShared = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 256 })), fc.boolean()), {
          minLength: 1,
          maxLength: 150,
        }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 8 }),
        (drawn, numRows, numMembers) => {
          const numBins = drawn.map(([bins]) => bins);
          const { columns, units, histogramBytes } = planColumns(
            numBins,
            drawn.map(([, mayShare]) => mayShare),
            numRows,
            numMembers,
          );
          expect(histogramBytes).toBe(numBins.reduce((sum, bins) => sum + bins * 8, 0));
          expect(units.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.columns)).toSorted((one, other) => one - other)).toEqual([
            ...numBins.keys(),
          ]);
          units.forEach(({ lanes, stride, codesOffset }, unit) => {
            expect(lanes.length).toBeLessThanOrEqual(stride);
            const next = units[unit + 1];
            if (next !== undefined) expect(next.codesOffset).toBeGreaterThanOrEqual(codesOffset + numRows * stride);
            lanes.forEach((lane, position) => {
              expect(lane.numCodes).toBeLessThanOrEqual(256);
              if (lane.columns.length > 1) numShared++;
              if (lane.columns.length > 1) expect(lane.columns.every((column) => drawn[column][1])).toBe(true);
              let radix = 1;
              for (const column of lane.columns) {
                expect(columns[column]).toMatchObject({ unit, lane: position, radix, numBins: numBins[column] });
                radix *= numBins[column];
              }
              expect(radix).toBe(lane.numCodes);
            });
          });
          const last = units[units.length - 1];
          const { codes, numBytes } = layOut(shapeOf(numRows, numBins.length, numMembers));
          expect(codes + last.codesOffset + numRows * last.stride).toBeLessThanOrEqual(numBytes);
        },
      ),
      { seed: 5, numRuns: 500 },
    );
    expect(numShared).toBeGreaterThan(100);
  });

  it('leaves members narrow units last, to even out their work', () => {
    const strides = planColumns(
      Array.from({ length: 200 }, () => 256),
      Array.from({ length: 200 }, () => true),
      1000,
      2,
    ).units.map(({ stride }) => stride);
    expect(strides).toEqual([32, 32, 32, 32, 32, 16, 8, 8, 8]);
  });
});
