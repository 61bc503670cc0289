import { createHash } from 'node:crypto';
import type { ModelManifest } from '@lisible/contracts';
import { TransientError } from '@lisible/platform';
import type { ArtefactStore } from '@lisible/platform';
import type { AdoptPolicy } from '../adopt-policy/adopt-policy.ts';
import { Predictors } from '../predictor/predictor.ts';
import type { Predictor } from '../predictor/predictor.ts';
import { trainSmallModel } from '../testing/small-model.ts';
import { Champion } from './champion.ts';
import { ModelReadiness } from './model-readiness.ts';

class FakePredictors extends Predictors {
  opened = 0;
  async open(): Promise<Predictor> {
    this.opened++;
    return { predict: () => Promise.reject(new Error('not asked here')) };
  }
}

const { manifest } = trainSmallModel('v0', 1);
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const world = () => {
  const files = new Map<string, Uint8Array>();
  const artefacts: Pick<ArtefactStore, 'read' | 'find'> = {
    find: async (key) => files.get(key) ?? null,
    read: async (key) => files.get(key) ?? Promise.reject(new TransientError('service-unavailable', { fr: key, en: key })),
  };
  const adopted: string[] = [];
  const adoptPolicy = { execute: async ({ modelVersion }: ModelManifest) => void adopted.push(modelVersion) };
  const predictors = new FakePredictors();
  const champion = new Champion(artefacts as ArtefactStore, predictors, adoptPolicy as unknown as AdoptPolicy);
  const register = (modelVersion: string, onnx = `onnx of ${modelVersion}`): void => {
    const bytes = encode(onnx);
    files.set(`models/${modelVersion}/model.onnx`, bytes);
    files.set(
      `models/${modelVersion}/manifest.json`,
      encode({
        ...manifest,
        modelVersion,
        files: [{ name: 'model.onnx', sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }],
      }),
    );
  };
  const promote = (modelVersion: string): void =>
    void files.set(
      'registry/champion.json',
      encode({ modelName: 'pd', modelVersion, promotedAt: '2026-11-01T00:00:00.000Z', promotedBy: 'bootstrap' }),
    );
  return { files, adopted, predictors, champion, register, promote };
};

describe('follow-champion', () => {
  it('is ready without a model and says so', async () => {
    const { champion } = world();
    expect(await champion.refresh()).toEqual({ hasChanged: false });
    expect(await new ModelReadiness(champion).check()).toEqual({ isReady: true, detail: 'no-model' });
    expect(() => champion.get()).toThrow(TransientError);
  });

  it('takes over the promoted version, once, under a policy', async () => {
    const { champion, register, promote, adopted, predictors } = world();
    register('v1');
    promote('v1');
    await Promise.all([champion.refresh(), champion.refresh(), champion.refresh()]);
    expect([champion.get().manifest.modelVersion, predictors.opened, adopted]).toEqual(['v1', 1, ['v1']]);
    register('v2');
    promote('v2');
    expect(await champion.refresh()).toEqual({ hasChanged: true });
    expect(await new ModelReadiness(champion).check()).toEqual({ isReady: true, detail: 'v2' });
  });

  it.each([
    ['a file differs from its hash', 'models/v2/model.onnx', encode('tampered'), 'artefact-invalid'],
    ['the manifest is of another version', 'models/v2/manifest.json', encode({ ...manifest, modelVersion: 'v9' }), 'artefact-invalid'],
    ['the manifest is no JSON', 'models/v2/manifest.json', new Uint8Array([123]), 'artefact-invalid'],
    ['a file is absent', 'models/v2/model.onnx', null, 'service-unavailable'],
  ])('keeps the previous version when %s', async (_case, key, bytes, code) => {
    const { champion, register, promote, files } = world();
    register('v1');
    promote('v1');
    await champion.refresh();
    register('v2');
    promote('v2');
    if (bytes === null) files.delete(key);
    else files.set(key, bytes);
    await expect(champion.refresh()).rejects.toMatchObject({ code });
    expect(champion.get().manifest.modelVersion).toBe('v1');
    // Repaired, it is taken over.
    register('v2');
    await champion.refresh();
    expect(champion.get().manifest.modelVersion).toBe('v2');
  });
});
