import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDbTables, openFolderArtefacts } from '@lisible/platform';
import type { ArtefactStore, DuckDbTables } from '@lisible/platform';
import { CurrentSnapshot } from '../follow-snapshot/current-snapshot.ts';
import type { ReadClient } from '../read-client/read-client.ts';
import { ReadHistory } from '../read-client/read-history.ts';
import { ParquetClientMonths } from './parquet.client-months.ts';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const asOf = '2026-10-01T00:00:00.000Z';

describe('clients’ months', () => {
  let folder: string;
  let tables: DuckDbTables;
  let artefacts: ArtefactStore;
  let snapshot: CurrentSnapshot;
  let months: ParquetClientMonths;

  const publish = async (snapshotId: string, historyMonths: number | undefined): Promise<void> => {
    const at = (file: string): Promise<string> => artefacts.localPath(`snapshots/${snapshotId}/${file}`);
    const record = {
      snapshotId,
      catalogueName: 'c',
      catalogueVersion: '1',
      asOf,
      source: 'synthetic',
      labelledRows: 3,
      unlabelledRows: 0,
      defaultRate: 0.5,
    };
    await artefacts.write(`snapshots/${snapshotId}/snapshot.json`, encode({ ...record, historyMonths }));
    await tables.query(`copy (select '1' as "applicationId") to '${await at('applications.parquet')}' (format parquet)`);
    if (historyMonths !== undefined)
      await tables.query(`copy (select * from (values
        ('10', 'cards', -2, 1, 0, 0, 120.5, 300.0, null::double, null::double), ('10', 'cards', -1, 1, 1, 12, 250.0, 300.0, null, null),
        ('10', 'bureau', -4, 2, 1, null, null, null, null, null), ('9', 'instalments', 0, 1, 0, 0, null, null, 50.0, 50.0))
        as t("clientId", kind, month, "count", "lateCount", "longestDelayDays", "balanceAmount", "limitAmount", "dueAmount", "paidAmount"))
        to '${await at('history-months.parquet')}' (format parquet)`);
    await artefacts.write('snapshots/current.json', encode({ snapshotId, publishedAt: asOf }));
    await snapshot.refresh();
  };
  const readHistory = (isHistoryMissing: boolean): ReadHistory => {
    const clients: Pick<ReadClient, 'execute'> = {
      execute: () => Promise.resolve({ currency: 'EUR', isHistoryMissing } as Awaited<ReturnType<ReadClient['execute']>>),
    };
    return new ReadHistory(clients as ReadClient, months);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-months-'));
    tables = await openDuckDbTables();
    artefacts = await openFolderArtefacts(folder);
    snapshot = new CurrentSnapshot(artefacts, tables);
    months = new ParquetClientMonths(snapshot, tables);
  });
  afterAll(async () => {
    await tables.close();
    await rm(folder, { recursive: true });
  });

  it('are none where no snapshot keeps any, said in words', async () => {
    expect(await months.find('10')).toBeNull();
    await publish('s1', undefined);
    expect(await months.find('10')).toBeNull();
    expect((await readHistory(false).execute('10')).silence?.fr).toContain('ne gardent pas l’historique mois par mois');
  });

  it('are one client’s, by kind, oldest first', async () => {
    await publish('s2', 4);
    const none = { longestDelayDays: 0, balanceAmount: null, limitAmount: null, dueAmount: null, paidAmount: null };
    expect(await months.find('10')).toEqual({
      asOf,
      series: [
        {
          kind: 'cards',
          months: [
            { ...none, month: -2, count: 1, lateCount: 0, balanceAmount: 120.5, limitAmount: 300 },
            { ...none, month: -1, count: 1, lateCount: 1, longestDelayDays: 12, balanceAmount: 250, limitAmount: 300 },
          ],
        },
        { kind: 'bureau', months: [{ ...none, month: -4, count: 2, lateCount: 1, longestDelayDays: null }] },
      ],
    });
    expect(await readHistory(false).execute('9')).toMatchObject({
      clientId: '9',
      currency: 'EUR',
      silence: null,
      asOf,
      series: [{ kind: 'instalments' }],
    });
  });

  it('stay silent for a dossier decided without a past, and for a client of whom no month is known', async () => {
    expect(await readHistory(true).execute('10')).toMatchObject({ series: [], silence: { fr: expect.stringContaining('Aucun historique') } });
    expect(await readHistory(false).execute('77')).toMatchObject({ series: [], silence: { fr: expect.stringContaining('quatre dernières années') } });
  });
});
