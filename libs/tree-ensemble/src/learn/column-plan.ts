import { binsPerLane, bytesPerSum, maxLanesPerUnit } from './training-memory.ts';

/** Where a column's bins stand: in a lane (a byte a row), alone or together with others: code = Σ bin · radix. */
export interface PlacedColumn {
  /** Unit and lane of it; see `Unit`. */
  readonly unit: number;
  readonly lane: number;
  readonly radix: number;
  /** With the missing one. */
  readonly numBins: number;
  /** Of its sums in a leaf's histogram, in bytes. */
  readonly sumsOffset: number;
}

export interface Lane {
  readonly columns: readonly number[];
  /** Codes that occur are below it. */
  readonly numCodes: number;
}

/** Lanes side by side: what one claim of the histograms' work covers. */
export interface Unit {
  readonly lanes: readonly Lane[];
  /** Bytes a row: 8, 16 or 32. */
  readonly stride: number;
  /** From the start of all codes, in bytes. */
  readonly codesOffset: number;
}

export interface ColumnPlan {
  readonly columns: readonly PlacedColumn[];
  readonly units: readonly Unit[];
  /** Of a leaf's histogram. */
  readonly histogramBytes: number;
}

interface OpenLane {
  readonly columns: number[];
  readonly radices: number[];
  numCodes: number;
}

/** Wide units gather a row's codes for many columns at once; narrower ones at the end even out what the members have had to do. */
const unitSizes = [maxLanesPerUnit, 16, 8];

/**
 * Places columns into lanes. Columns of few bins share a lane (first fit, the widest first), as a row costs one addition a lane,
 * whatever stands in it: their sums are exact, so each column's can be had from those of the joint codes.
 *
 * @param numBins - by column, with the missing bin; 1 to 256
 * @param mayShare - by column
 */
export function planColumns(numBins: readonly number[], mayShare: readonly boolean[], numRows: number, numMembers: number): ColumnPlan {
  const lanes: OpenLane[] = [];
  const order = numBins.map((_, column) => column).toSorted((one, other) => numBins[other] - numBins[one] || one - other);
  for (const column of order) {
    const open = mayShare[column] ? lanes.find((lane) => mayShare[lane.columns[0]] && lane.numCodes * numBins[column] <= binsPerLane) : undefined;
    if (open === undefined) lanes.push({ columns: [column], radices: [1], numCodes: numBins[column] });
    else {
      open.columns.push(column);
      open.radices.push(open.numCodes);
      open.numCodes *= numBins[column];
    }
  }
  // Neighbours in the matrix stay neighbours.
  lanes.sort((one, other) => one.columns[0] - other.columns[0]);

  const units: Unit[] = [];
  const places: { unit: number; lane: number; radix: number }[] = numBins.map(() => ({ unit: 0, lane: 0, radix: 1 }));
  let codesOffset = 0;
  for (let from = 0, size = 0; from < lanes.length; from += size) {
    size = unitSizes.find((lanesPerUnit) => lanesPerUnit * numMembers <= lanes.length - from) ?? 8;
    const ofUnit = lanes.slice(from, from + size);
    const stride = [8, 16].find((bytes) => ofUnit.length <= bytes) ?? maxLanesPerUnit;
    ofUnit.forEach(({ columns, radices }, lane) =>
      columns.forEach((column, position) => {
        places[column] = { unit: units.length, lane, radix: radices[position] };
      }),
    );
    units.push({ lanes: ofUnit, stride, codesOffset });
    codesOffset += Math.ceil((numRows * stride) / 64) * 64;
  }
  let histogramBytes = 0;
  const columns = places.map((place, column) => {
    const sumsOffset = histogramBytes;
    histogramBytes += numBins[column] * bytesPerSum;
    return { ...place, numBins: numBins[column], sumsOffset };
  });
  return { columns, units, histogramBytes };
}
