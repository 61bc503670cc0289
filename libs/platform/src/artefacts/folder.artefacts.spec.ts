import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TransientError, openFolderArtefacts } from '../index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('artefacts in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-artefacts-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are written, read, listed and found on disk by their key', async () => {
    const store = await openFolderArtefacts(folder);
    await store.write('models/2/model.onnx', bytes('two'));
    await store.write('models/1/model.onnx', bytes('one'));
    await store.write('registry/champion.json', bytes('{}'));
    expect(Buffer.from(await store.read('models/1/model.onnx')).toString()).toBe('one');
    expect(await readFile(await store.localPath('models/2/model.onnx'), 'utf8')).toBe('two');
    expect(await store.list('models/')).toEqual(['models/1/model.onnx', 'models/2/model.onnx']);
  });

  it('are removed by their folder, with what was cut short there and with nothing else', async () => {
    const store = await openFolderArtefacts(folder);
    for (const key of ['models/1/model.onnx', 'models/1/manifest.json', 'models/10/model.onnx']) await store.write(key, bytes('x'));
    await writeFile(join(folder, 'models', '1', '.unfinished-of-a-killed-process'), 'half');
    await store.removeFolder('models/1');
    await store.removeFolder('models/none');
    expect(await store.list('')).toEqual(['models/10/model.onnx']);
    expect(await readdir(join(folder, 'models'))).toEqual(['10']);
  });

  it('that are absent are null to find and a transient error to read', async () => {
    const store = await openFolderArtefacts(folder);
    expect(await store.find('registry/champion.json')).toBeNull();
    await expect(store.read('registry/champion.json')).rejects.toBeInstanceOf(TransientError);
  });

  it('keep their old bytes when the writing is cut short, and show no trace of it', async () => {
    await (await openFolderArtefacts(folder)).write('registry/champion.json', bytes('old'));
    const dying = await openFolderArtefacts(folder, (name) => {
      if (name === 'before-rename') throw new Error('killed');
    });
    await expect(dying.write('registry/champion.json', bytes('new'))).rejects.toThrow('killed');
    const store = await openFolderArtefacts(folder);
    expect(Buffer.from(await store.read('registry/champion.json')).toString()).toBe('old');
    await writeFile(join(folder, 'registry', '.unfinished-of-a-killed-process'), 'half');
    expect(await store.list('')).toEqual(['registry/champion.json']);
    expect((await readdir(join(folder, 'registry'))).filter((name) => name.includes('unfinished'))).toEqual(['.unfinished-of-a-killed-process']);
  });

  it.each(['../outside', 'models/../../outside', '/etc/passwd', 'models//x', 'models/.hidden', '', 'a\\b', 'a\0b'])(
    'refuse the key %j, which leads out of the folder or hides',
    async (key) => {
      const store = await openFolderArtefacts(folder);
      await expect(async () => store.write(key, bytes('x'))).rejects.toThrow('Not an artefact key');
      await expect(async () => store.localPath(key)).rejects.toThrow('Not an artefact key');
      await expect(async () => store.removeFolder(key)).rejects.toThrow('Not an artefact key');
    },
  );
});
