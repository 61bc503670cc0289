import fc from 'fast-check';
import type { ClientListItem, ClientListQuery, DossierKind } from '@lisible/contracts';
import type { ApplicationRecords } from '../dossiers/application.records.ts';
import type { NewApplication, ReceivedApplication, StoreOutcome } from '../dossiers/application.records.ts';
import type { DossierFilter, DossierRecord } from '../dossiers/dossier-source.ts';
import type { PastLoans } from '../dossiers/past-loans.ts';
import { searchKey } from '../dossiers/search-key.ts';
import { ListClients } from './list-clients.ts';

const sorted = (items: readonly ClientListItem[], sort: ClientListQuery['sort']): readonly ClientListItem[] => {
  const sign = sort.startsWith('-') ? -1 : 1;
  const key = (item: ClientListItem): number =>
    sort.endsWith('submittedAt') ? Date.parse(item.submittedAt) * sign : item.creditAmount === null ? Number.MAX_VALUE : item.creditAmount * sign;
  return items.toSorted((a, b) => key(a) - key(b) || (a.applicationId < b.applicationId ? -1 : 1));
};

/** What an engine does: filter, sort, cut. Counts the rows it had to hand over. */
class Rows {
  rowsRead = 0;
  constructor(private readonly items: readonly ClientListItem[]) {}

  private matching({ searchKey: key }: DossierFilter): readonly ClientListItem[] {
    return this.items.filter((item) => key === null || searchKey(item.clientId, item.applicationId, item.displayName).includes(key));
  }

  async count(filter: DossierFilter): Promise<number> {
    return this.matching(filter).length;
  }

  async list(filter: DossierFilter, { offset, limit }: { readonly offset: number; readonly limit: number }): Promise<readonly ClientListItem[]> {
    this.rowsRead += limit;
    return sorted(this.matching(filter), filter.sort).slice(offset, offset + limit);
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
          const listClients = new ListClients(new FakeApplications(applications), new FakePastLoans(pastLoans));
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

  it('does not read a large source from its start to show a late page', async () => {
    const applications = new FakeApplications([item('application', 1), item('application', 2)]);
    const pastLoans = new FakePastLoans(Array.from({ length: 5000 }, (_, position) => item('past-loan', position)));
    await new ListClients(applications, pastLoans).execute(query({ page: 150, pageSize: 20 }));
    expect(pastLoans.rowsRead).toBeLessThanOrEqual(22);
  });

  it('keeps one kind when asked', async () => {
    const listClients = new ListClients(new FakeApplications([item('application', 1)]), new FakePastLoans([item('past-loan', 2)]));
    const { items: found, total } = await listClients.execute(query({ kind: 'past-loan' }));
    expect(found.map(({ kind }) => kind)).toEqual(['past-loan']);
    expect(total).toBe(1);
  });

  it('finds a name without its accents and an identifier by a part of it', async () => {
    const listClients = new ListClients(
      new FakeApplications([item('application', 17, { displayName: 'Hélène Lefèvre' }), item('application', 2)]),
      new FakePastLoans([]),
    );
    const byName = await listClients.execute(query({ search: ' helene LEF' }));
    const byIdentifier = await listClients.execute(query({ search: 'C17' }));
    const blank = await listClients.execute(query({ search: '  ' }));
    expect([byName.items.map(({ clientId }) => clientId), byIdentifier.total, blank.total]).toEqual([['c17'], 1, 2]);
  });
});
