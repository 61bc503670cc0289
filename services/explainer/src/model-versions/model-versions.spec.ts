import { TransientError } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import { trainSmallModel } from '../testing/small-model.ts';
import { ModelVersions } from './model-versions.ts';

const model = trainSmallModel('v0', 1);
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const world = () => {
  const files = new Map<string, Uint8Array>();
  const reads: string[] = [];
  const artefacts: Pick<ArtefactStore, 'read'> = {
    read: async (key) => {
      reads.push(key);
      return files.get(key) ?? Promise.reject(new TransientError('service-unavailable', { fr: key, en: key }));
    },
  };
  const register = (modelVersion: string): void => {
    files.set(`models/${modelVersion}/manifest.json`, encode({ ...model.manifest, modelVersion }));
    for (const [name, bytes] of model.files) files.set(`models/${modelVersion}/${name}`, bytes);
  };
  return { files, reads, register, models: new ModelVersions(artefacts as ArtefactStore) };
};

describe('model-versions', () => {
  it('loads a version once for all who ask at the same time', async () => {
    const { models, register, reads } = world();
    register('v1');
    const loaded = await Promise.all([models.get('v1'), models.get('v1'), models.get('v1')]);
    expect(new Set(loaded).size).toBe(1);
    expect(reads).toEqual(['models/v1/manifest.json', 'models/v1/trees.json']);
    expect(loaded[0]!.reference.clients).toBe(40);
  });

  it('gives up the least recently used', async () => {
    const { models, register, reads } = world();
    const versions = Array.from({ length: 9 }, (_, position) => `v${position}`);
    for (const version of versions) register(version);
    for (const version of versions.slice(0, 8)) await models.get(version);
    await models.get('v0');
    await models.get('v8');
    reads.length = 0;
    await models.get('v0');
    expect(reads).toEqual([]);
    await models.get('v1');
    expect(reads).not.toEqual([]);
  });

  it.each([
    ['trees that differ from their hash', 'models/v1/trees.json', encode({}), 'artefact-invalid'],
    ['a manifest of another version', 'models/v1/manifest.json', encode({ ...model.manifest, modelVersion: 'v9' }), 'artefact-invalid'],
    [
      'a manifest without background',
      'models/v1/manifest.json',
      encode({ ...model.manifest, modelVersion: 'v1', background: { rows: [], applicationIds: [] } }),
      'artefact-invalid',
    ],
    ['absent trees', 'models/v1/trees.json', null, 'service-unavailable'],
  ])('refuses %s, and does not remember the failure', async (_case, key, bytes, code) => {
    const { models, register, files } = world();
    register('v1');
    if (bytes === null) files.delete(key);
    else files.set(key, bytes);
    await expect(models.get('v1')).rejects.toMatchObject({ code });
    register('v1');
    expect((await models.get('v1')).manifest.modelVersion).toBe('v1');
  });
});
