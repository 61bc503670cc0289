import type { ClientItemPage, ClientListItem, ClientListQuery, DossierKind } from '@lisible/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ApplicationRecords } from '../dossiers/application.records.ts';
import type { DossierFilter, DossierSource } from '../dossiers/dossier-source.ts';
import { PastLoans } from '../dossiers/past-loans.ts';
import { searchKey } from '../dossiers/search-key.ts';

interface CountedSource {
  readonly source: DossierSource;
  readonly count: number;
}

/** One page over applications and past loans as if they were one sorted list. */
@Injectable()
export class ListClients {
  private readonly sources: Readonly<Record<DossierKind, DossierSource>>;

  constructor(@Inject(ApplicationRecords) applications: ApplicationRecords, @Inject(PastLoans) pastLoans: PastLoans) {
    this.sources = { application: applications, 'past-loan': pastLoans };
  }

  async execute(query: ClientListQuery): Promise<ClientItemPage> {
    const filter: DossierFilter = { searchKey: searchKeyOf(query.search), sort: query.sort };
    const asked = query.kind === undefined ? Object.values(this.sources) : [this.sources[query.kind]];
    const sources = await Promise.all(asked.map(async (source): Promise<CountedSource> => ({ source, count: await source.count(filter) })));
    const total = sources.reduce((sum, { count }) => sum + count, 0);
    const offset = (query.page - 1) * query.pageSize;
    const items = offset >= total ? [] : await mergedWindow(sources, filter, { offset, limit: query.pageSize });
    return { items: [...items], page: query.page, pageSize: query.pageSize, total };
  }
}

/**
 * Rows `offset … offset + limit` of the merged order. Before a row at merged position p of one source stand at most
 * all rows of the others, so its position in its own source is at least p − (rows of the others): what lies below
 * needs not be read, only counted.
 */
const mergedWindow = async (
  sources: readonly CountedSource[],
  filter: DossierFilter,
  window: { readonly offset: number; readonly limit: number },
): Promise<readonly ClientListItem[]> => {
  const total = sources.reduce((sum, { count }) => sum + count, 0);
  const parts = await Promise.all(
    sources.map(async ({ source, count }) => {
      const skipped = Math.min(count, Math.max(0, window.offset - (total - count)));
      const end = Math.min(count, window.offset + window.limit);
      return { skipped, items: await source.list(filter, { offset: skipped, limit: end - skipped }) };
    }),
  );
  const start = window.offset - parts.reduce((sum, { skipped }) => sum + skipped, 0);
  return parts
    .flatMap(({ items }) => items)
    .sort(comparison(filter.sort))
    .slice(start, start + window.limit);
};

/** The order that both sources sort by. */
const comparison = (sort: ClientListQuery['sort']): ((a: ClientListItem, b: ClientListItem) => number) => {
  const sign = sort.startsWith('-') ? -1 : 1;
  const byKey = sort.endsWith('submittedAt') ? compareDates : compareAmounts;
  return (a, b) => byKey(a, b, sign) || (a.applicationId < b.applicationId ? -1 : a.applicationId > b.applicationId ? 1 : 0);
};

const compareDates = (a: ClientListItem, b: ClientListItem, sign: number): number => sign * (Date.parse(a.submittedAt) - Date.parse(b.submittedAt));

const compareAmounts = (a: ClientListItem, b: ClientListItem, sign: number): number => {
  if (a.creditAmount === null || b.creditAmount === null) return Number(a.creditAmount === null) - Number(b.creditAmount === null);
  return sign * (a.creditAmount - b.creditAmount);
};

const searchKeyOf = (search: string | undefined): string | null => {
  const key = searchKey(search?.trim() ?? null);
  return key === '' ? null : key;
};
