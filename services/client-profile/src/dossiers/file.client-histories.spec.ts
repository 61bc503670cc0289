import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDbTables, openFolderArtefacts } from '@lisible/platform';
import type { ArtefactStore, DuckDbTables } from '@lisible/platform';
import { CurrentSnapshot } from '../follow-snapshot/current-snapshot.ts';
import { FileClientHistories } from './file.client-histories.ts';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const coverage = [
  { table: 'bureau', rows: 9, clients: 3, labelledShare: 1, unlabelledShare: null, isLearntFrom: true, reason: { fr: 'Oui.', en: 'Yes.' } },
];

describe('client histories', () => {
  let folder: string;
  let tables: DuckDbTables;
  let artefacts: ArtefactStore;
  let snapshot: CurrentSnapshot;
  let histories: FileClientHistories;

  const publish = async (snapshotId: string, rows: readonly number[]): Promise<void> => {
    const record = { snapshotId, catalogueName: 'c', catalogueVersion: '1', asOf: '2026-10-01T00:00:00.000Z', source: 'synthetic' };
    await artefacts.write(
      `snapshots/${snapshotId}/snapshot.json`,
      encode({ ...record, labelledRows: 3, unlabelledRows: 0, defaultRate: 0.5, coverage }),
    );
    const at = (file: string): Promise<string> => artefacts.localPath(`snapshots/${snapshotId}/${file}`);
    await tables.query(`copy (select '1' as "applicationId") to '${await at('applications.parquet')}' (format parquet)`);
    await tables.query(
      `copy (select * from (values ('10', 1.5::float, 2::float), ('11', null, 0.1::float), ('9', 5::float, null)) as t("clientId", debt, late)) to '${await at('history.parquet')}' (format parquet)`,
    );
    await writeFile(await at('history.f32'), new Uint8Array(Float32Array.from(rows).buffer));
    await artefacts.write('snapshots/current.json', encode({ snapshotId, publishedAt: record.asOf }));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-histories-'));
    tables = await openDuckDbTables();
    artefacts = await openFolderArtefacts(folder);
    snapshot = new CurrentSnapshot(artefacts, tables);
    histories = new FileClientHistories(snapshot);
  });
  afterAll(async () => {
    await tables.close();
    await rm(folder, { recursive: true });
  });

  it('are none without a snapshot', async () => {
    expect(await histories.find('10')).toBeNull();
  });

  it('are those of the Parquet file, to the bit, one client at a time', async () => {
    await publish('s1', [1.5, 2, Number.NaN, 0.1, 5, Number.NaN]);
    await snapshot.refresh();
    const { path } = snapshot.find()?.history ?? { path: '' };
    const rows = await tables.query(`select * from read_parquet('${path.replace('history.f32', 'history.parquet')}')`);
    expect(rows).toHaveLength(3);
    for (const { clientId, ...values } of rows) expect(await histories.find(String(clientId))).toEqual(values);
    expect(await histories.find('11')).toEqual({ debt: null, late: Math.fround(0.1) });
  });

  it('are null for a client in no snapshot', async () => {
    expect(await histories.find('12')).toBeNull();
  });

  it('stay those of the snapshot before when the new one’s two files are not of one piece', async () => {
    await publish('s2', [1, 2, 3]);
    await expect(snapshot.refresh()).rejects.toThrow('history.f32 of snapshot s2');
    expect(await histories.find('9')).toEqual({ debt: 5, late: null });
  });
});
