import {
  clientListParametersSchema,
  clientListQuerySchema,
  clientPageSchema,
  cohortFilterSchema,
  type ClientListQuery,
  type ClientPage,
  type CohortFilter,
} from '@lisible/contracts';
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type ComputedRef } from 'vue';
import type { HistoryState, LocationQuery, LocationQueryRaw, LocationQueryValue } from 'vue-router';
import { z } from 'zod';
import { readAnswer, useApi } from '../../app/api/api.client.ts';

export const defaults = clientListQuerySchema.parse({});
export const maxFilters = 8;
export const maxColumns = 12;
/** Beyond that many pages the list goes on by page number: history entries have a limit in browsers. */
const longestTrail = 200;

const entrySearchSchema = z.object({ search: clientListQuerySchema.shape.search.unwrap().min(1) });
const entryTrailSchema = z.object({ trail: z.array(clientListQuerySchema.shape.cursor.unwrap()).max(longestTrail) });

/** « incomeAmount:20000..40000 », « contractType:["cash-loan",null] ». */
const writeFilter = (filter: CohortFilter): string =>
  `${filter.field}:${'isOneOf' in filter ? JSON.stringify(filter.isOneOf) : `${filter.from ?? ''}..${filter.to ?? ''}`}`;

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const readBound = (text: string | undefined): number | null => (text === undefined || text === '' ? null : Number(text));

const readFilter = (text: string): CohortFilter[] => {
  const [, field, asked] = /^([A-Za-z][A-Za-z0-9]{0,99}):(.+)$/.exec(text) ?? [];
  if (field === undefined || asked === undefined) return [];
  const [from, to, ...rest] = asked.split('..');
  const filter = asked.startsWith('[')
    ? { field, isOneOf: readJson(asked) }
    : { field, from: readBound(from), to: rest.length === 0 && to !== undefined ? readBound(to) : Number.NaN };
  const parsed = cohortFilterSchema.safeParse(filter);
  return parsed.success ? [parsed.data] : [];
};

type AddressValue = LocationQueryValue | LocationQueryValue[] | undefined;
const valuesOf = (value: AddressValue): string[] => (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');

/** One filter a field: the first wins. */
const readFilters = (value: AddressValue): CohortFilter[] => {
  const filters = valuesOf(value).flatMap(readFilter);
  return filters.filter(({ field }, index) => filters.findIndex((other) => other.field === field) === index).slice(0, maxFilters);
};
/** A field that every list shows: it cannot be chosen once more. */
export const fixedColumn = 'creditAmount';
const readColumns = (value: AddressValue): string[] =>
  [...new Set(valuesOf(value).flatMap((text) => text.split(',')))]
    .filter((name) => /^[A-Za-z][A-Za-z0-9]{0,99}$/.test(name) && name !== fixedColumn)
    .slice(0, maxColumns);

/** Cursors of the second page and those after it, as far as this entry's page: the way it was come to. */
export const trailOf = (entryState: unknown): readonly string[] => entryTrailSchema.safeParse(entryState).data?.trail ?? [];

/**
 * Kind, filters, columns, order and page stand in the address; what is searched stands in the history entry's state, which Back and reload
 * keep and no log sees, since it may be a name. So do cursors, which hold a client's identifier and value. What either gets wrong falls back to
 * the default, field by field.
 */
export const listQueryOf = (address: LocationQuery, entryState: unknown): ClientListQuery => {
  const { shape } = clientListParametersSchema;
  const page = shape.page.safeParse(address['page']).data ?? defaults.page;
  const trail = trailOf(entryState);
  return {
    search: entrySearchSchema.safeParse(entryState).data?.search,
    kind: shape.kind.safeParse(address['kind']).data,
    page,
    filters: readFilters(address['filter']),
    columns: readColumns(address['columns']),
    pageSize: defaults.pageSize,
    // A page that was not come to step by step, by a bookmark say, is found by its number.
    cursor: page > 1 && trail.length === page - 1 ? trail.at(-1) : undefined,
    sort: shape.sort.safeParse(address['sort']).data ?? defaults.sort,
  };
};

/** Where a list's state stands: an address without what is default, and the history entry's state. */
export const locationOf = (query: ClientListQuery, trail: readonly string[] = []): { query: LocationQueryRaw; state: HistoryState } => ({
  query: {
    ...(query.kind === undefined ? {} : { kind: query.kind }),
    ...(query.filters.length === 0 ? {} : { filter: query.filters.map(writeFilter) }),
    ...(query.columns.length === 0 ? {} : { columns: query.columns.join(',') }),
    ...(query.page === defaults.page ? {} : { page: String(query.page) }),
    ...(query.sort === defaults.sort ? {} : { sort: query.sort }),
  },
  // Null, not absent: replacing an entry merges into its state.
  state: { search: query.search ?? null, trail: trail.length === 0 ? null : [...trail] },
});

/** The trail to the next page: one cursor longer, where the way so far is known. */
export const trailAfter = (query: ClientListQuery, trail: readonly string[], nextCursor: string | null | undefined): readonly string[] =>
  trail.length === query.page - 1 && trail.length < longestTrail && nextCursor != null ? [...trail, nextCursor] : [];

/** One page of clients; while the next one is fetched the last one stays. */
export const useClientList = (query: ComputedRef<ClientListQuery>) => {
  const api = useApi();
  return useQuery<ClientPage>({
    queryKey: computed(() => ['clients', query.value] as const),
    queryFn: ({ signal }) => readAnswer(api.POST('/v1/clients/search', { body: query.value, signal }), clientPageSchema),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
};

const arrivalsEveryMs = 15_000;

/** How many applications there are by now, for a list to say that it is no longer complete. */
export const useApplicationCount = () => {
  const api = useApi();
  return useQuery<number>({
    queryKey: ['application-count'],
    queryFn: async ({ signal }) =>
      (await readAnswer(api.POST('/v1/clients/search', { body: { kind: 'application', pageSize: 1 }, signal }), clientPageSchema)).total,
    refetchInterval: arrivalsEveryMs,
    retry: false,
  });
};
