import { countBins, declareBins } from './bins.ts';
import type { Bins } from './bins.ts';
import { declareCells } from './cells.ts';
import type { Cells } from './cells.ts';
import { codeColumn, countBelow } from './code-column.ts';
import type { CodedColumn } from './code-column.ts';

/** A column of the population with its declared bins and cells. */
export interface PopulationColumn extends CodedColumn {
  readonly name: string;
  readonly bins: Bins;
  readonly cells: Cells;
  /** The cell of each code, the missing last. */
  readonly cellOfCode: Uint8Array;
}

/** Fewer clients than these are never told of. */
export const defaultPrivacyFloor = 20;

/**
 * Codes a column of the whole population and declares its bins and cells. `numAnswers`: how many answers a column of codes has (a category's, 2 for
 * yes or no); null for quantities. The values are only read.
 */
export const describeColumn = (name: string, values: Float64Array, numAnswers: number | null, floor: number): PopulationColumn => {
  const coded = codeColumn(values);
  const below = countBelow(coded, null);
  const bins = declareBins(coded, below, numAnswers);
  const binCounts = countBins(bins, below);
  const cells = declareCells(bins, binCounts, floor);
  return { name, ...coded, bins, cells, cellOfCode: bins.binOfCode.map((bin) => cells.cellOfBin[bin] ?? 0) };
};

/** Bytes that a column takes. */
export const bytesOfColumn = ({ codes, values, bins }: PopulationColumn): number => codes.byteLength + values.byteLength + bins.binOfCode.byteLength;
