import { CohortError } from './cohort-error.ts';
import type { PopulationColumn } from './population.ts';

/** Clients whose value lies in whole cells of a column: what a filter comes down to. */
export interface CellFilter {
  readonly column: PopulationColumn;
  /** 1 for each cell that is kept. */
  readonly isKept: Uint8Array;
}

/** Why a group is not told of. */
export type Withheld =
  /** It is smaller than the floor, and not nobody. */
  | 'group-too-small'
  /** So few are outside that the difference from everybody would tell of them. */
  | 'rest-too-small'
  /** Dropping, adding or narrowing one of its filters would change it by fewer clients than the floor. */
  | 'difference-too-small';

export type Selection =
  | { readonly isWithheld: false; /** Ascending. */ readonly rows: Uint32Array }
  | { readonly isWithheld: true; readonly reason: Withheld; /** The filter that is to blame, where one is. */ readonly column: string | null };

/** With more, a group is a handful of people whatever the floor says. */
export const maxFilters = 4;

const isShort = (count: number, floor: number): boolean => count > 0 && count < floor;

/**
 * The clients that pass every filter, unless telling of them would tell of a few (docs/adr/0028). With filters f₁ … fₘ it is answered when
 *  1. each of the 2ᵐ combinations of passing and failing them holds no client or at least the floor, and
 *  2. for each filter, among the clients that pass all others, each cell that it keeps holds none or at least the floor, and those cells that it
 *     does not keep and that fall short of the floor hold none or at least the floor together.
 * Then of two groups that are both answered, one within the other by their filters, the difference holds none or at least the floor.
 * @throws CohortError too-many-filters, column-filtered-twice, lengths-differ
 */
export const selectCohort = (numRows: number, filters: readonly CellFilter[], floor: number): Selection => {
  if (filters.length > maxFilters) throw new CohortError('too-many-filters', `at most ${maxFilters} filters at once`);
  for (const [index, { column }] of filters.entries()) {
    if (column.codes.length !== numRows) throw new CohortError('lengths-differ', `${column.name} has not a row a client`, column.name);
    if (filters.findIndex((other) => other.column.name === column.name) !== index)
      throw new CohortError('column-filtered-twice', `${column.name} is filtered twice`, column.name);
  }
  const all = 2 ** filters.length - 1;
  const passed = new Uint8Array(numRows);
  const cellOfRows = filters.map((filter, index) => markPassed(filter, passed, 1 << index));
  const ofPattern = new Uint32Array(all + 1);
  const ofCells = filters.map(({ column }) => new Uint32Array(column.cells.numCells));
  const kept = new Uint32Array(numRows);
  let size = 0;
  for (let row = 0; row < numRows; row += 1) {
    const pattern = passed[row] ?? 0;
    ofPattern[pattern] = (ofPattern[pattern] ?? 0) + 1;
    const failed = all ^ pattern;
    if (failed === 0) {
      kept[size] = row;
      size += 1;
      for (let index = 0; index < filters.length; index += 1) countCell(ofCells[index], cellOfRows[index], row);
    } else if ((failed & (failed - 1)) === 0) {
      // Passes all others.
      const index = 31 - Math.clz32(failed);
      countCell(ofCells[index], cellOfRows[index], row);
    }
  }
  if (size < floor) return { isWithheld: true, reason: 'group-too-small', column: null };
  if (isShort(numRows - size, floor)) return { isWithheld: true, reason: 'rest-too-small', column: null };
  if (ofPattern.some((count) => isShort(count, floor))) return { isWithheld: true, reason: 'difference-too-small', column: null };
  for (const [index, filter] of filters.entries()) {
    if (areCellsShort(ofCells[index] ?? new Uint32Array(0), filter, floor))
      return { isWithheld: true, reason: 'difference-too-small', column: filter.column.name };
  }
  return { isWithheld: false, rows: kept.slice(0, size) };
};

const countCell = (counts: Uint32Array | undefined, cells: Uint8Array | undefined, row: number): void => {
  const cell = cells?.[row] ?? 0;
  if (counts !== undefined) counts[cell] = (counts[cell] ?? 0) + 1;
};

/** Sets a bit of the rows that pass; gives the cell of each row. */
const markPassed = ({ column: { codes, cellOfCode }, isKept }: CellFilter, passed: Uint8Array, bit: number): Uint8Array => {
  const cellOfRow = new Uint8Array(codes.length);
  const bitOfCell = Uint8Array.from(isKept, (keeps) => (keeps === 0 ? 0 : bit));
  for (let row = 0; row < codes.length; row += 1) {
    const cell = cellOfCode[codes[row] ?? 0] ?? 0;
    cellOfRow[row] = cell;
    passed[row] = (passed[row] ?? 0) | (bitOfCell[cell] ?? 0);
  }
  return cellOfRow;
};

/** `counts`: of the clients that pass all other filters, by cell. */
const areCellsShort = (counts: Uint32Array, { isKept }: CellFilter, floor: number): boolean => {
  let shortOutside = 0;
  for (const [cell, count] of counts.entries()) {
    if (!isShort(count, floor)) continue;
    if (isKept[cell] !== 0) return true;
    shortOutside += count;
  }
  return isShort(shortOutside, floor);
};
