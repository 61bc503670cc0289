import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artefactKeys } from '@lisible/contracts';
import { openFolderArtefacts } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import { createFolder } from '../../testing/raw-tables.ts';
import { removeHalfWritten, storeArtefacts } from './work-folder.ts';

const written = { snapshotId: 's1', modelVersion: 'm1' };
const whole = [
  'models/m1/manifest.json',
  'models/m1/model.onnx',
  'snapshots/s1/applications.parquet',
  'snapshots/s1/history.parquet',
  'snapshots/s1/snapshot.json',
];

describe('what a training stores', () => {
  let home: string;
  let workDir: string;
  let artefacts: ArtefactStore;
  beforeEach(async () => {
    home = await createFolder();
    workDir = join(home, 'work');
    artefacts = await openFolderArtefacts(join(home, 'artefacts'));
    for (const key of whole) {
      const [kind, , name = ''] = key.split('/');
      const folder = join(workDir, kind === 'models' ? 'model' : 'snapshot');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), key);
    }
  });
  afterEach(() => rm(home, { recursive: true }));

  /** A store that the process is killed on, when it is about to write for the n-th time. */
  const dyingAt = (last: number): ArtefactStore => {
    let writes = 0;
    return {
      ...artefacts,
      write: async (key, bytes) => {
        writes += 1;
        if (writes === last) throw new Error('killed');
        await artefacts.write(key, bytes);
      },
    };
  };

  it.each([1, 2, 3, 4, 5])('is whole or cleared away before the next, wherever it was cut short: at file %d', async (last) => {
    await expect(storeArtefacts(dyingAt(last), workDir, written)).rejects.toThrow('killed');
    await removeHalfWritten(artefacts);
    const left = await artefacts.list('');
    expect(left).toEqual(last <= 3 ? [] : whole.slice(2));
    await storeArtefacts(artefacts, workDir, written);
    expect(await artefacts.list('')).toEqual(whole);
  });

  it('stays where it is whole, beside the pointers to it', async () => {
    await storeArtefacts(artefacts, workDir, written);
    const pointers = [artefactKeys.champion, artefactKeys.currentSnapshot];
    for (const key of pointers) await artefacts.write(key, new TextEncoder().encode('{}'));
    await artefacts.write('snapshots/s2/applications.parquet', new TextEncoder().encode('half'));
    await artefacts.write('models/m2/model.onnx', new TextEncoder().encode('half'));
    await removeHalfWritten(artefacts);
    expect(await artefacts.list('')).toEqual([...whole, ...pointers].toSorted());
  });
});
