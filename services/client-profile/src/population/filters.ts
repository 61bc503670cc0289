import type { CohortFilter, FieldValue } from '@lisible/contracts';
import type { CellFilter } from '@lisible/credit';
import { decodeValue } from './column-specs.ts';
import type { NamedColumn } from './population-store.ts';

/** Where ranges of a column may begin and end: the edges that lie between two cells. */
export const gridEdgesOf = ({ column: { bins, cells } }: NamedColumn): readonly number[] =>
  bins.edges.filter((_, index) => cells.cellOfBin[index] !== cells.cellOfBin[index + 1]);

/** The answers of each cell, missing as null. */
export const gridAnswersOf = ({ spec, column: { bins, cells } }: NamedColumn): readonly (readonly FieldValue[])[] => {
  const answers = Array.from({ length: cells.numCells }, (): FieldValue[] => []);
  for (let bin = 0; bin <= bins.numBins; bin += 1) answers[cells.cellOfBin[bin] ?? 0]?.push(decodeValue(spec, bins.edges[bin] ?? Number.NaN));
  return answers.filter((some) => some.length > 0);
};

/** The number that an answer of a filter stands for, NaN for null; undefined where the column knows no such answer. */
const codeOf = ({ spec: { answers } }: NamedColumn, value: FieldValue): number | undefined => {
  if (value === null) return Number.NaN;
  if (answers === null) return typeof value === 'number' ? value : undefined;
  const place = answers.indexOf(value);
  return place === -1 ? undefined : place;
};

const cellsOf = (named: NamedColumn, bins: Iterable<number>): Uint8Array => {
  const { cells } = named.column;
  const isKept = new Uint8Array(cells.numCells);
  for (const bin of bins) isKept[cells.cellOfBin[bin] ?? 0] = 1;
  return isKept;
};

const keptAnswers = (named: NamedColumn, isKept: Uint8Array): FieldValue[] =>
  gridAnswersOf(named).flatMap((answers, cell) => (isKept[cell] === 1 ? [...answers] : []));

/**
 * A filter on the declared grid: a range widened to the nearest edges, answers with those that they can only be chosen with. Null where the filter
 * does not fit the column: a range of answers that have no order, an answer that nobody can give, a number of a column of ranges.
 */
export const snapFilter = (named: NamedColumn, filter: CohortFilter): { readonly applied: CohortFilter; readonly filter: CellFilter } | null => {
  const { spec, column } = named;
  const { bins } = column;
  const { field } = filter;
  if ('isOneOf' in filter) {
    const codes = filter.isOneOf.map((value) => codeOf(named, value));
    const wanted = codes.map((code) =>
      code === undefined ? -1 : Number.isNaN(code) ? bins.numBins : bins.kind === 'values' ? bins.edges.indexOf(code) : -1,
    );
    if (wanted.includes(-1)) return null;
    const isKept = cellsOf(named, wanted);
    // Of a column of ranges only the missing can be chosen by name, and with them whatever shares their cell.
    const applied = bins.kind === 'values' ? keptAnswers(named, isKept) : [null];
    return { applied: { field, isOneOf: applied }, filter: { column, isKept } };
  }
  const { from, to } = filter;
  if (spec.answers !== null || (from !== null && to !== null && from >= to)) return null;
  if (bins.kind === 'values') {
    const within = bins.edges.flatMap((value, bin) => ((from === null || value >= from) && (to === null || value < to) ? [bin] : []));
    if (within.length === 0) return null;
    const isKept = cellsOf(named, within);
    return { applied: { field, isOneOf: keptAnswers(named, isKept) }, filter: { column, isKept } };
  }
  const edges = gridEdgesOf(named);
  const lower = from === null ? null : (edges.findLast((edge) => edge <= from) ?? null);
  const upper = to === null ? null : (edges.find((edge) => edge >= to) ?? null);
  const within = Array.from({ length: bins.numBins }, (_, bin) => bin).filter(
    (bin) => (lower === null || (bins.edges[bin - 1] ?? -Infinity) >= lower) && (upper === null || (bins.edges[bin] ?? Infinity) <= upper),
  );
  return { applied: { field, from: lower, to: upper }, filter: { column, isKept: cellsOf(named, within) } };
};

/** 1 for each code of a column that passes a filter exactly as it is written; null where the filter does not fit the column. */
export const passingCodes = (named: NamedColumn, filter: CohortFilter): Uint8Array | null => {
  const { values } = named.column;
  const passes = new Uint8Array(values.length + 1);
  if ('isOneOf' in filter) {
    for (const value of filter.isOneOf) {
      const code = codeOf(named, value);
      if (code === undefined) return null;
      const place = Number.isNaN(code) ? values.length : values.indexOf(code);
      if (place >= 0) passes[place] = 1;
    }
    return passes;
  }
  if (named.spec.answers !== null) return null;
  const { from, to } = filter;
  for (const [code, value] of values.entries()) passes[code] = Number((from === null || value >= from) && (to === null || value < to));
  return passes;
};
