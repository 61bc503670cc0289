import type { ClientItemPage, ClientListQuery, CohortFilter, DossierKind } from '@lisible/contracts';
import type { Catalogue } from '@lisible/credit';
import { Inject, Injectable } from '@nestjs/common';
import { CATALOGUE } from '../catalogue.ts';
import { ApplicationRecords } from '../dossiers/application.records.ts';
import { compareKinds } from '../dossiers/dossier-source.ts';
import type { DossierFilter, DossierPage, DossierSource, ListedDossier, ListWindow } from '../dossiers/dossier-source.ts';
import { PastLoans } from '../dossiers/past-loans.ts';
import { searchKey } from '../dossiers/search-key.ts';
import { columnSpecsOf } from '../population/column-specs.ts';
import type { ColumnSpec } from '../population/column-specs.ts';
import { refused } from '../population/population.ts';
import { readCursor, writeCursor } from './cursor.ts';

/** One page over applications and past loans as if they were one sorted list. */
@Injectable()
export class ListClients {
  private readonly sources: Readonly<Record<DossierKind, DossierSource>>;
  private readonly fields: ReadonlyMap<string, ColumnSpec>;

  constructor(
    @Inject(ApplicationRecords) applications: ApplicationRecords,
    @Inject(PastLoans) pastLoans: PastLoans,
    @Inject(CATALOGUE) catalogue: Catalogue,
  ) {
    this.sources = { application: applications, 'past-loan': pastLoans };
    this.fields = new Map(columnSpecsOf(catalogue).flatMap((spec) => (spec.source === 'field' ? [[spec.name, spec] as const] : [])));
  }

  /** @throws RejectedError `request-invalid`; TransientError `cohort-unavailable` while filters and orders of the population are not ready */
  async execute(query: ClientListQuery): Promise<ClientItemPage> {
    const { page, pageSize } = query;
    const filter = this.filterOf(query);
    const window = { offset: filter.after === null ? (page - 1) * pageSize : 0, limit: pageSize };
    const { total, rows } =
      query.kind === undefined
        ? await readMerged(this.sources.application, this.sources['past-loan'], filter, window)
        : await this.sources[query.kind].list(filter, window);
    const last = rows.length < pageSize ? undefined : rows.at(-1);
    return {
      items: rows.map(({ item }) => item),
      page,
      pageSize,
      total,
      nextCursor: last === undefined ? null : writeCursor(query.sort, last),
    };
  }

  private filterOf({ search, filters, sort: wanted, cursor, columns }: ClientListQuery): DossierFilter {
    const isDescending = wanted.startsWith('-');
    const sort = isDescending ? wanted.slice(1) : wanted;
    if (sort !== 'submittedAt') this.check(sort, 'sort');
    for (const [index, name] of columns.entries()) this.check(name, `columns.${index}`);
    for (const [index, filter] of filters.entries()) this.checkFilter(filter, `filters.${index}`);
    return { searchKey: searchKeyOf(search), filters, sort, isDescending, columns, after: cursor === undefined ? null : readCursor(wanted, cursor) };
  }

  private check(name: string, place: string): ColumnSpec {
    const spec = this.fields.get(name);
    if (spec === undefined)
      throw refused(place, 'unknown', {
        fr: `Le catalogue n’a pas de champ « ${name} » à lister.`,
        en: `The catalogue has no field named ${name} to list by.`,
      });
    return spec;
  }

  private checkFilter(filter: CohortFilter, place: string): void {
    const { answers } = this.check(filter.field, `${place}.field`);
    const fits =
      'isOneOf' in filter
        ? filter.isOneOf.every((value) => value === null || (answers === null ? typeof value === 'number' : answers.includes(value)))
        : answers === null;
    if (!fits)
      throw refused(place, 'custom', {
        fr: `Le filtre ne convient pas au champ « ${filter.field} ».`,
        en: `The filter does not fit the field ${filter.field}.`,
      });
  }
}

/**
 * Rows `offset … offset + limit` of the merged order. Before a row at merged position p of one source stand at most
 * all rows of the other, so its position in its own source is at least p − (rows of the other): what lies below
 * needs not be read, only counted.
 */
const readMerged = async (
  first: DossierSource,
  second: DossierSource,
  filter: DossierFilter,
  { offset, limit }: ListWindow,
): Promise<DossierPage> => {
  const end = offset + limit;
  const ofFirst = await first.count(filter);
  // With a cursor the offset is 0, so that what the counts say of rows before it skips none.
  const skippedOfSecond = Math.max(0, offset - ofFirst);
  const fromSecond = await second.list(filter, { offset: skippedOfSecond, limit: end - skippedOfSecond });
  const skippedOfFirst = Math.min(ofFirst, Math.max(0, offset - fromSecond.total));
  const fromFirst =
    ofFirst === 0 ? { total: 0, rows: [] } : await first.list(filter, { offset: skippedOfFirst, limit: end - skippedOfFirst }, ofFirst);
  const start = offset - skippedOfFirst - Math.min(skippedOfSecond, fromSecond.total);
  const rows = [...fromFirst.rows, ...fromSecond.rows].sort(comparison(filter)).slice(start, start + limit);
  return { total: fromFirst.total + fromSecond.total, rows };
};

/** The order that both sources sort by. */
const comparison = ({ isDescending }: DossierFilter): ((a: ListedDossier, b: ListedDossier) => number) => {
  const sign = isDescending ? -1 : 1;
  const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return (a, b) =>
    compareValues(a.sortValue, b.sortValue, sign) || compareIds(a.item.applicationId, b.item.applicationId) || compareKinds(a.item.kind, b.item.kind);
};

/** What is missing comes last, whichever way the list runs. */
const compareValues = (a: number, b: number, sign: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : sign * (a - b);

const searchKeyOf = (search: string | undefined): string | null => {
  const key = searchKey(search?.trim() ?? null);
  return key === '' ? null : key;
};
