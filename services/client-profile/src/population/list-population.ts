import { firstAtLeast } from '@lisible/credit';
import type { PopulationColumn } from '@lisible/credit';
import { decodeValue } from './column-specs.ts';
import { passingCodes } from './filters.ts';
import type { ListedClient, ListReply, ListRequest } from './messages.ts';
import type { PopulationStore } from './population-store.ts';
import { countBefore, markContaining } from './text-column.ts';

/** One page of the past loans that match: by one pass over each filtered column, and a selection by ranks. */
export const listPopulation = (store: PopulationStore, request: ListRequest): ListReply => {
  const { numRows, columns, searchKeys } = store;
  const sorted = request.sort === 'submittedAt' ? store.submittedAt : columns.get(request.sort)?.column;
  if (sorted === undefined) return { kind: 'column-unknown', column: request.sort };
  for (const name of request.columns) if (!columns.has(name)) return { kind: 'column-unknown', column: name };
  const matches = new Uint8Array(numRows);
  markContaining(searchKeys, request.searchKey ?? '', matches);
  for (const filter of request.filters) {
    const named = columns.get(filter.field);
    if (named === undefined) return { kind: 'column-unknown', column: filter.field };
    const passes = passingCodes(named, filter);
    if (passes === null) return { kind: 'filter-invalid', column: filter.field };
    const { codes } = named.column;
    for (let row = 0; row < numRows; row += 1) matches[row] = (matches[row] ?? 0) & (passes[codes[row] ?? 0] ?? 0);
  }
  let total = 0;
  for (let row = 0; row < numRows; row += 1) total += matches[row] ?? 0;
  const rows = selectRows(store, sorted, matches, request);
  return { kind: 'listed', total, items: rows.map((row) => toListed(store, request, sorted, row)) };
};

/**
 * Rows `offset … offset + limit` of those that match, in order: the codes of the column are the order, so matches are counted by code, and only those
 * of the codes that the page lies in are sorted, by their identifiers.
 */
const selectRows = (
  { numRows, idPlaces, idOrder, applicationIds }: PopulationStore,
  { codes, values }: PopulationColumn,
  matches: Uint8Array,
  { isDescending, offset, limit, after }: ListRequest,
): readonly number[] => {
  const missing = values.length;
  /** Place of a code in the order asked for; what is missing comes last either way. */
  const placeOf = (code: number): number => (isDescending && code !== missing ? missing - 1 - code : code);
  const counts = new Uint32Array(missing + 1);
  const isAfter = after === null ? null : afterCursor(values, placeOf, isDescending, after.value);
  const firstId = after === null ? 0 : countBefore(applicationIds, idOrder, after.applicationId, !after.isIncluded);
  for (let row = 0; row < numRows; row += 1) {
    if (matches[row] === 0) continue;
    const place = placeOf(codes[row] ?? 0);
    if (isAfter !== null && !isAfter(place, (idPlaces[row] ?? 0) >= firstId)) {
      matches[row] = 0;
      continue;
    }
    counts[place] = (counts[place] ?? 0) + 1;
  }
  let before = 0;
  let first = 0;
  while (first <= missing && before + (counts[first] ?? 0) <= offset) {
    before += counts[first] ?? 0;
    first += 1;
  }
  let last = first;
  let end = before;
  while (last <= missing && end < offset + limit) {
    end += counts[last] ?? 0;
    last += 1;
  }
  const found: number[] = [];
  // In the order of identifiers, so that a stable sort by place leaves it to them.
  if (end - before > numRows / 8) {
    for (const row of idOrder) if (matches[row] === 1 && isWithin(placeOf(codes[row] ?? 0), first, last)) found.push(row);
    return found.sort((a, b) => placeOf(codes[a] ?? 0) - placeOf(codes[b] ?? 0)).slice(offset - before, offset - before + limit);
  }
  for (let row = 0; row < numRows; row += 1) if (matches[row] === 1 && isWithin(placeOf(codes[row] ?? 0), first, last)) found.push(row);
  return found
    .sort((a, b) => placeOf(codes[a] ?? 0) - placeOf(codes[b] ?? 0) || (idPlaces[a] ?? 0) - (idPlaces[b] ?? 0))
    .slice(offset - before, offset - before + limit);
};

const isWithin = (place: number, first: number, last: number): boolean => place >= first && place < last;

/** Whether a row at this place comes after the cursor, whose value need not be there any more; `isIdAfter` tells it among those of one place. */
const afterCursor = (
  values: Float64Array,
  placeOf: (code: number) => number,
  isDescending: boolean,
  value: number,
): ((place: number, isIdAfter: boolean) => boolean) => {
  const missing = values.length;
  const code = Number.isNaN(value) ? missing : firstAtLeast(values, value);
  if (code === missing || values[code] === value) {
    // Greater than all there is: ascending only what is missing comes after, descending everything does.
    if (code === missing && !Number.isNaN(value)) return (place) => isDescending || place === missing;
    const own = placeOf(code);
    return (place, isIdAfter) => place > own || (place === own && isIdAfter);
  }
  // Between two values: descending the lower one comes next, if there is one.
  const first = isDescending ? (code === 0 ? missing : placeOf(code - 1)) : placeOf(code);
  return (place) => place >= first;
};

const toListed = (store: PopulationStore, { columns: wanted }: ListRequest, sorted: PopulationColumn, row: number): ListedClient => {
  const valueOf = (name: string): number => {
    const column = store.columns.get(name)?.column;
    return column?.values[column.codes[row] ?? 0] ?? Number.NaN;
  };
  const numberOf = (name: string): number | null => {
    const value = valueOf(name);
    return Number.isNaN(value) ? null : value;
  };
  const answerOf = (name: string) => decodeValue(store.columns.get(name)?.spec ?? { answers: null }, valueOf(name));
  const displayName = store.displayNames.get(row);
  const submittedAt = store.submittedAt.values[store.submittedAt.codes[row] ?? 0] ?? Number.NaN;
  return {
    clientId: store.clientIds.get(row),
    applicationId: store.applicationIds.get(row),
    displayName: displayName === '' ? null : displayName,
    submittedAt: new Date(submittedAt).toISOString(),
    currency: store.currencies.get(row),
    creditAmount: numberOf('creditAmount'),
    annuityAmount: numberOf('annuityAmount'),
    contractType: answerOf('contractType'),
    columns: Object.fromEntries(wanted.map((name) => [name, answerOf(name)])),
    sortValue: sorted.values[sorted.codes[row] ?? 0] ?? Number.NaN,
  };
};
