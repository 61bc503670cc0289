import fc from 'fast-check';
import type { ClientListItem, ClientListQuery, DossierKind } from '@lisible/contracts';
import { homeCreditCatalogue } from '@lisible/credit';
import type { ApplicationRecords } from '../dossiers/application.records.ts';
import type { NewApplication, ReceivedApplication, StoreOutcome } from '../dossiers/application.records.ts';
import type { DossierFilter, DossierPage, DossierRecord, ListWindow } from '../dossiers/dossier-source.ts';
import type { PastLoans } from '../dossiers/past-loans.ts';
import { searchKey } from '../dossiers/search-key.ts';
import { RejectedError } from '@lisible/platform';
import { ListClients } from './list-clients.ts';

const keyOf = (item: ClientListItem, sort: string): number =>
  sort === 'submittedAt' ? Date.parse(item.submittedAt) : (item.creditAmount ?? Number.NaN);

/** Missing last, ties by identifier, applications before past loans. */
const isBefore = (a: ClientListItem, b: ClientListItem, sort: string): number => {
  const [name, sign] = sort.startsWith('-') ? [sort.slice(1), -1] : [sort, 1];
  const [x, y] = [keyOf(a, name), keyOf(b, name)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  if (x !== y && !Number.isNaN(x)) return sign * (x - y);
  return a.applicationId < b.applicationId ? -1 : a.applicationId > b.applicationId ? 1 : a.kind < b.kind ? -1 : 1;
};
const sorted = (items: readonly ClientListItem[], sort: string): readonly ClientListItem[] => items.toSorted((a, b) => isBefore(a, b, sort));

/** What an engine does: filter, sort, cut. Counts the rows it had to hand over. */
class Rows {
  rowsRead = 0;
  constructor(readonly items: ClientListItem[]) {}

  private matching({ searchKey: key }: DossierFilter): readonly ClientListItem[] {
    return this.items.filter((item) => key === null || searchKey(item.clientId, item.applicationId, item.displayName).includes(key));
  }

  async count(filter: DossierFilter): Promise<number> {
    return this.matching(filter).length;
  }

  async list(filter: DossierFilter, { offset, limit }: ListWindow): Promise<DossierPage> {
    this.rowsRead += limit;
    const sort = (filter.isDescending ? '-' : '') + filter.sort;
    const { after } = filter;
    const at = (value: number): Partial<ClientListItem> =>
      filter.sort === 'submittedAt' ? { submittedAt: new Date(value).toISOString() } : { creditAmount: Number.isNaN(value) ? null : value };
    const last = after === null ? null : { ...item(after.kind, 0), applicationId: after.applicationId, ...at(after.value) };
    const rows = sorted(this.matching(filter), sort).filter(
      (row) => last === null || ((row.applicationId !== last.applicationId || row.kind !== last.kind) && isBefore(row, last, sort) > 0),
    );
    return {
      total: this.matching(filter).length,
      rows: rows.slice(offset, offset + limit).map((row) => ({ item: row, sortValue: keyOf(row, filter.sort) })),
    };
  }

  async listOfClient(): Promise<readonly DossierRecord[]> {
    return [];
  }
}

class FakeApplications extends Rows implements ApplicationRecords {
  store(_unit: unknown, _applications: readonly NewApplication[]): Promise<readonly StoreOutcome[]> {
    throw new Error('not asked here');
  }
  find(): Promise<ReceivedApplication | null> {
    throw new Error('not asked here');
  }
}

class FakePastLoans extends Rows implements PastLoans {}

const item = (kind: DossierKind, position: number, fields: Partial<ClientListItem> = {}): ClientListItem => ({
  clientId: `c${position}`,
  applicationId: `${kind === 'application' ? 'a' : 'p'}${position}`,
  displayName: null,
  kind,
  submittedAt: '2026-01-01T00:00:00.000Z',
  currency: 'EUR',
  creditAmount: null,
  annuityAmount: null,
  contractType: null,
  ...fields,
});

const items = (kind: DossierKind): fc.Arbitrary<ClientListItem[]> =>
  fc
    .array(fc.record({ day: fc.integer({ min: 1, max: 5 }), creditAmount: fc.option(fc.integer({ min: 0, max: 4 })) }), { maxLength: 30 })
    .map((rows) =>
      rows.map(({ day, creditAmount }, position) => item(kind, position, { creditAmount, submittedAt: `2026-01-0${day}T00:00:00.000Z` })),
    );

const listOf = (applications: ClientListItem[], pastLoans: ClientListItem[]): ListClients =>
  new ListClients(new FakeApplications(applications), new FakePastLoans(pastLoans), homeCreditCatalogue);

const query = (fields: Partial<ClientListQuery> = {}): ClientListQuery => ({
  page: 1,
  pageSize: 25,
  sort: '-submittedAt',
  filters: [],
  columns: [],
  ...fields,
});

describe('list-clients', () => {
  it('reads two sources as one sorted list, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(
        items('application'),
        items('past-loan'),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('submittedAt', '-submittedAt', 'creditAmount', '-creditAmount'),
        async (applications, pastLoans, pageSize, sort) => {
          const listClients = listOf(applications, pastLoans);
          const expected = sorted([...applications, ...pastLoans], sort);
          const pages = Math.ceil(expected.length / pageSize) + 1;
          const read: ClientListItem[] = [];
          for (let page = 1; page <= pages; page++) {
            const answer = await listClients.execute(query({ page, pageSize, sort }));
            expect(answer.total).toBe(expected.length);
            read.push(...answer.items);
          }
          expect(read.map(({ applicationId }) => applicationId)).toEqual(expected.map(({ applicationId }) => applicationId));
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });

  it('goes on after the last row shown, whatever has arrived meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        items('application'),
        items('past-loan'),
        items('application'),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('submittedAt', '-submittedAt', 'creditAmount', '-creditAmount'),
        async (applications, pastLoans, arriving, pageSize, sort) => {
          const late = arriving.map((row, position) => ({ ...row, applicationId: `n${position}` }));
          const before = sorted([...applications, ...pastLoans], sort);
          const source = new FakeApplications([...applications]);
          const listClients = new ListClients(source, new FakePastLoans(pastLoans), homeCreditCatalogue);
          const read: ClientListItem[] = [];
          let cursor: string | null | undefined;
          do {
            const answer = await listClients.execute(query({ pageSize, sort, ...(cursor === undefined || cursor === null ? {} : { cursor }) }));
            read.push(...answer.items);
            cursor = answer.nextCursor;
            source.items.push(...late.splice(0, 3));
          } while (cursor !== null && cursor !== undefined);
          const ids = read.map(({ applicationId }) => applicationId);
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids.filter((id) => !id.startsWith('n'))).toEqual(before.map(({ applicationId }) => applicationId));
          expect(read).toEqual(sorted(read, sort));
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });

  it('says which filter, column, order or cursor does not fit', async () => {
    const listClients = listOf([], []);
    const refusalOf = async (fields: Partial<ClientListQuery>): Promise<string | undefined> => {
      const error: unknown = await listClients.execute(query(fields)).catch((thrown: unknown) => thrown);
      return error instanceof RejectedError ? error.problems[0]?.field : undefined;
    };
    const places = await Promise.all([
      refusalOf({ sort: 'shoeSize' }),
      refusalOf({ sort: 'lastName' }),
      refusalOf({ columns: ['creditAmount', 'externalScoreMean'] }),
      refusalOf({ filters: [{ field: 'contractType', from: 1, to: 2 }] }),
      refusalOf({ filters: [{ field: 'creditAmount', isOneOf: ['much'] }] }),
      refusalOf({ cursor: 'bm90IG9uZQ' }),
    ]);
    expect(places).toEqual(['sort', 'sort', 'columns.1', 'filters.0', 'filters.0', 'cursor']);
  });

  it('does not read a large source from its start to show a late page', async () => {
    const applications = new FakeApplications([item('application', 1), item('application', 2)]);
    const pastLoans = new FakePastLoans(Array.from({ length: 5000 }, (_, position) => item('past-loan', position)));
    await new ListClients(applications, pastLoans, homeCreditCatalogue).execute(query({ page: 150, pageSize: 20 }));
    expect(pastLoans.rowsRead).toBeLessThanOrEqual(22);
  });

  it('keeps one kind when asked', async () => {
    const listClients = listOf([item('application', 1)], [item('past-loan', 2)]);
    const { items: found, total } = await listClients.execute(query({ kind: 'past-loan' }));
    expect(found.map(({ kind }) => kind)).toEqual(['past-loan']);
    expect(total).toBe(1);
  });

  it('finds a name without its accents and an identifier by a part of it', async () => {
    const listClients = listOf([item('application', 17, { displayName: 'Hélène Lefèvre' }), item('application', 2)], []);
    const byName = await listClients.execute(query({ search: ' helene LEF' }));
    const byIdentifier = await listClients.execute(query({ search: 'C17' }));
    const blank = await listClients.execute(query({ search: '  ' }));
    expect([byName.items.map(({ clientId }) => clientId), byIdentifier.total, blank.total]).toEqual([['c17'], 1, 2]);
  });
});
