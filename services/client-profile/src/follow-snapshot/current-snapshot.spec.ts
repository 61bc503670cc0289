import type { ArtefactStore, TableReader } from '@lisible/platform';
import { CurrentSnapshot } from './current-snapshot.ts';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const snapshot = {
  catalogueName: 'home-credit',
  catalogueVersion: '1',
  asOf: '2026-11-01T00:00:00.000Z',
  source: 'synthetic',
  labelledRows: 2,
  unlabelledRows: 0,
  defaultRate: 0.5,
};

const world = () => {
  const files = new Map<string, Uint8Array>();
  const artefacts: Pick<ArtefactStore, 'read' | 'find' | 'localPath'> = {
    read: async (key) => files.get(key) ?? Promise.reject(new Error(`${key} is absent`)),
    find: async (key) => files.get(key) ?? null,
    localPath: async (key) => `/store/l'essai/${key}`,
  };
  const asked: string[] = [];
  const tables: TableReader = {
    query: async (sql) => {
      asked.push(sql);
      return [{ column_name: 'applicationId' }, { column_name: 'clientId' }];
    },
  };
  const publish = (snapshotId: string): void => {
    files.set(`snapshots/${snapshotId}/snapshot.json`, encode({ ...snapshot, snapshotId }));
    files.set('snapshots/current.json', encode({ snapshotId, publishedAt: snapshot.asOf }));
  };
  return { files, asked, publish, current: new CurrentSnapshot(artefacts as ArtefactStore, tables) };
};

describe('follow-snapshot', () => {
  it('has no past loans until a snapshot is published, then follows the pointer', async () => {
    const { current, publish, asked } = world();
    expect([await current.refresh(), current.find()]).toEqual([{ hasChanged: false }, null]);

    publish('s1');
    expect(await current.refresh()).toEqual({ hasChanged: true });
    expect(current.find()).toEqual({
      snapshotId: 's1',
      asOf: snapshot.asOf,
      applicationsPath: "/store/l'essai/snapshots/s1/applications.parquet",
      columns: new Set(['applicationId', 'clientId']),
      history: null,
      monthsPath: null,
    });
    expect(asked[0]).toContain("'/store/l''essai/snapshots/s1/applications.parquet'");
    expect(await current.refresh()).toEqual({ hasChanged: false });

    publish('s2');
    await current.refresh();
    expect(current.find()?.snapshotId).toBe('s2');
  });

  it('keeps the previous snapshot when the new one cannot be read', async () => {
    const { current, publish, files } = world();
    publish('s1');
    await current.refresh();
    files.set('snapshots/current.json', encode({ snapshotId: 's2', publishedAt: snapshot.asOf }));
    await expect(current.refresh()).rejects.toThrow('snapshots/s2/snapshot.json');
    expect(current.find()?.snapshotId).toBe('s1');
  });
});
