import type { CohortFilter } from '@lisible/contracts';
import {
  applicationThreshold,
  CohortError,
  compareFeature,
  comparePair,
  findNearest,
  pointOfRow,
  rowsAmong,
  selectCohort,
  sharedAttributions,
} from '@lisible/credit';
import type { CellFilter } from '@lisible/credit';
import { gridAnswersOf, gridEdgesOf, snapFilter } from './filters.ts';
import type { ComparedColumn, ComparedGroup, CompareReply, CompareRequest, GridReply, PlacedValues } from './messages.ts';
import type { NamedColumn, PopulationStore } from './population-store.ts';
import { findText } from './text-column.ts';

/** So many of the nearest make the group of similar clients. */
export const similarClients = 200;
/** Reasons told of a group of similar clients. */
const mostShared = 4;

interface Group {
  readonly rows: Uint32Array | null;
  readonly size: number;
  readonly defaultedRows: Uint32Array;
  readonly filters: readonly CohortFilter[];
  readonly isProtected: boolean;
  readonly similar: ComparedGroup['similar'];
}

/** Groups that were asked for lately: a page asks several times about one. */
export interface KnownGroups {
  find(key: string): Group | undefined;
  keep(key: string, group: Group): void;
}

/** The latest groups, at most so many rows in all. */
export const createKnownGroups = (maxRows: number): KnownGroups => {
  const groups = new Map<string, Group>();
  let rows = 0;
  const rowsOf = (group: Group): number => (group.rows?.length ?? 0) + group.defaultedRows.length;
  return {
    find: (key) => {
      const group = groups.get(key);
      if (group !== undefined) {
        groups.delete(key);
        groups.set(key, group);
      }
      return group;
    },
    keep: (key, group) => {
      groups.set(key, group);
      rows += rowsOf(group);
      for (const [oldest, old] of groups) {
        if (rows <= maxRows || oldest === key) break;
        groups.delete(oldest);
        rows -= rowsOf(old);
      }
    },
  };
};

type Refusal = Exclude<CompareReply, ComparedGroup>;

/** The client's own row; −1 for one who is not in the population. */
const rowOf = ({ applicationIds, clientIds, idOrder }: PopulationStore, { clientId, applicationId }: PlacedValues): number => {
  const row = findText(applicationIds, idOrder, applicationId);
  return row >= 0 && clientIds.get(row) === clientId ? row : -1;
};

/** Compares a group with the population's numbers alone: what it answers holds no client's row. */
export const answerComparison = (store: PopulationStore, groups: KnownGroups, request: CompareRequest): CompareReply => {
  const { client } = request;
  const row = client === null ? -1 : rowOf(store, client);
  if (client !== null && row === -1 && client.values === null) return { kind: 'client-unknown' };
  const named: NamedColumn[] = [];
  for (const name of [...request.features, ...(request.pair ?? [])]) {
    const column = store.columns.get(name);
    if (column === undefined) return { kind: 'column-unknown', column: name };
    named.push(column);
  }
  const key = groupKey(request, store);
  const group = groups.find(key) ?? selectGroup(store, request, row);
  if ('kind' in group) return group;
  groups.keep(key, group);

  const floor = store.source.privacyFloor;
  const rowsFor = (...columns: readonly NamedColumn[]) => ({
    rows: group.rows,
    size: group.size,
    defaultedRows: group.isProtected || columns.some(({ spec }) => spec.isProtected) ? null : group.defaultedRows,
  });
  const valueOf = ({ spec, column }: NamedColumn): number | null => {
    if (client === null) return null;
    return row === -1 ? (client.values?.[spec.name] ?? Number.NaN) : (column.values[column.codes[row] ?? 0] ?? Number.NaN);
  };
  const shown = (one: NamedColumn) => ({
    name: one.spec.name,
    edges: [...one.column.bins.edges],
    kind: one.column.bins.kind,
    value: valueOf(one),
  });
  const [first, second] = named.slice(request.features.length);
  return {
    kind: 'compared',
    filters: group.filters,
    groupSize: group.size,
    populationSize: store.numRows,
    defaulted: group.isProtected ? null : group.defaultedRows.length,
    features: named.slice(0, request.features.length).map((one): ComparedColumn => ({
      ...compareFeature(one.column, rowsFor(one), floor, valueOf(one) ?? undefined),
      ...shown(one),
    })),
    pair:
      first === undefined || second === undefined
        ? null
        : {
            ...comparePair(
              first.column,
              second.column,
              rowsFor(first, second),
              floor,
              client === null ? undefined : [valueOf(first) ?? 0, valueOf(second) ?? 0],
            ),
            axes: [shown(first), shown(second)],
          },
    similar: group.similar,
  };
};

const groupKey = ({ cohort, client, policy }: CompareRequest, { source }: PopulationStore): string => {
  switch (cohort.name) {
    case 'everybody':
      return 'everybody';
    case 'filters':
      return JSON.stringify(cohort.filters);
    case 'approved':
      return JSON.stringify([policy?.decisionThreshold, policy?.amountAwareCost]);
    case 'similar':
      return JSON.stringify([source.model?.modelVersion, client?.clientId, client?.applicationId, client?.attributions]);
  }
};

const selectGroup = (store: PopulationStore, request: CompareRequest, row: number): Group | Refusal => {
  switch (request.cohort.name) {
    case 'everybody':
      if (store.numRows < store.source.privacyFloor) return { kind: 'withheld', reason: 'group-too-small', column: null };
      return groupOf(store, null, {});
    case 'filters':
      return selectFiltered(store, request.cohort.filters);
    case 'approved':
      return selectApproved(store, request.policy);
    case 'similar':
      return selectSimilar(store, request.client, row);
  }
};

const groupOf = (store: PopulationStore, rows: Uint32Array | null, more: Partial<Pick<Group, 'filters' | 'isProtected' | 'similar'>>): Group => ({
  rows,
  size: rows?.length ?? store.numRows,
  defaultedRows: rowsAmong(rows, store.defaulted),
  filters: [],
  isProtected: false,
  similar: null,
  ...more,
});

/** A group that no filters make: neither it nor the rest may be a few. */
const checkSize = ({ numRows, source: { privacyFloor } }: PopulationStore, size: number): Refusal | null => {
  if (size < privacyFloor) return { kind: 'withheld', reason: 'group-too-small', column: null };
  const rest = numRows - size;
  return rest > 0 && rest < privacyFloor ? { kind: 'withheld', reason: 'rest-too-small', column: null } : null;
};

const selectFiltered = (store: PopulationStore, filters: readonly CohortFilter[]): Group | Refusal => {
  const snapped: { readonly applied: CohortFilter; readonly filter: CellFilter }[] = [];
  let isProtected = false;
  for (const filter of filters) {
    const named = store.columns.get(filter.field);
    if (named === undefined) return { kind: 'column-unknown', column: filter.field };
    const on = snapFilter(named, filter);
    if (on === null) return { kind: 'filter-invalid', column: filter.field };
    snapped.push(on);
    isProtected ||= named.spec.isProtected;
  }
  try {
    const selection = selectCohort(
      store.numRows,
      snapped.map(({ filter }) => filter),
      store.source.privacyFloor,
    );
    if (selection.isWithheld) return { kind: 'withheld', reason: selection.reason, column: selection.column };
    return groupOf(store, selection.rows, { filters: snapped.map(({ applied }) => applied), isProtected });
  } catch (error) {
    if (error instanceof CohortError && error.code === 'column-filtered-twice') return { kind: 'column-filtered-twice', column: error.column ?? '' };
    throw error;
  }
};

const selectApproved = (store: PopulationStore, policy: CompareRequest['policy']): Group | Refusal => {
  const { probabilities } = store;
  if (probabilities === null || policy === null) return { kind: 'no-estimates' };
  const amountField = policy.amountAwareCost?.amountField ?? null;
  const amounts = amountField === null ? undefined : store.columns.get(amountField)?.column;
  const rows: number[] = [];
  for (let row = 0; row < store.numRows; row += 1) {
    const probability = probabilities[row] ?? Number.NaN;
    const amount = amounts?.values[amounts.codes[row] ?? 0];
    const threshold =
      amountField === null || amount === undefined
        ? policy.decisionThreshold
        : applicationThreshold(policy, { [amountField]: amount }).decisionThreshold;
    // As `decide`: declined from the threshold on; without an estimate there is no proposal.
    if (probability < threshold) rows.push(row);
  }
  return checkSize(store, rows.length) ?? groupOf(store, Uint32Array.from(rows), {});
};

const selectSimilar = (store: PopulationStore, client: PlacedValues | null, row: number): Group | Refusal => {
  const { attributions } = store;
  const { model } = store.source;
  if (attributions === null || model === null) return { kind: 'no-attributions' };
  const { space, codes } = attributions;
  const point = pointOf(attributions, client, row);
  if (point === null) return { kind: 'no-attributions' };
  const { rows, distances } = findNearest(space, point, similarClients, row);
  const shared = sharedAttributions(space, point, rows, mostShared);
  return (
    checkSize(store, rows.length) ??
    groupOf(store, rows.toSorted(), {
      similar: {
        radius: distances.at(-1) ?? 0,
        modelVersion: model.modelVersion,
        shared: shared.map(({ reason, mean, shareAlike }) => ({ code: codes[reason] ?? '', mean, shareAlike })),
      },
    })
  );
};

/** The client's attributions, in the order of the codes; null where they are not known. */
const pointOf = ({ space, codes }: NonNullable<PopulationStore['attributions']>, client: PlacedValues | null, row: number): Float64Array | null => {
  if (row >= 0) return pointOfRow(space, row);
  const known = client?.attributions ?? null;
  return known === null ? null : Float64Array.from(codes, (code) => known[code] ?? 0);
};

/** What filters may tell apart. */
export const answerGrid = ({ numRows, columns }: PopulationStore): GridReply => ({
  populationSize: numRows,
  fields: [...columns.values()].map((named) => {
    const isOfRanges = named.column.bins.kind === 'ranges';
    return { name: named.spec.name, edges: isOfRanges ? gridEdgesOf(named) : null, answers: isOfRanges ? null : gridAnswersOf(named) };
  }),
});
