import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  applicationSchema,
  artefactKeys,
  championPointerSchema,
  modelFiles,
  modelManifestSchema,
  modelVersionSchema,
  populationSnapshotSchema,
  problemSchema,
  snapshotFiles,
  snapshotPointerSchema,
  topics,
  trainingViewSchema,
} from '@lisible/contracts';
import type {
  EventEnvelope,
  ModelManifest,
  ModelVersionPromoted,
  ModelVersionRegistered,
  PopulationSnapshotPublished,
  TrainingView,
} from '@lisible/contracts';
import {
  BroadcastSubscription,
  createEmbeddedCourier,
  LOG,
  openDuckDbTables,
  openEmbeddedDatabase,
  openFolderArtefacts,
  RejectedError,
  startService,
} from '@lisible/platform';
import type { ArtefactStore, EventBatch, EventLog, RunningService } from '@lisible/platform';
import { computeFeatureMatrix, homeCreditCatalogue } from '@lisible/credit';
import { createBackgroundExplainer, parseTrees, predictMargins, sigmoid, toOnnx } from '@lisible/tree-ensemble';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import { Controller, Module } from '@nestjs/common';
import { jest } from '@jest/globals';
import { createFolder, writePopulation } from '../testing/raw-tables.ts';
import { runTraining, trainerService } from './index.ts';
import { verifyArtefact } from './register-model/verify-artefact.ts';

/** What left the trainer, with what the champion pointer said at that moment. */
const heard: { readonly event: EventEnvelope; readonly pointer: boolean }[] = [];
let artefacts: ArtefactStore;

@Controller()
class WatchController {
  @BroadcastSubscription(topics.modelVersionRegistered)
  registered({ events }: EventBatch<ModelVersionRegistered>): Promise<void> {
    return this.#keep(events);
  }

  @BroadcastSubscription(topics.modelVersionPromoted)
  promoted({ events }: EventBatch<ModelVersionPromoted>): Promise<void> {
    return this.#keep(events);
  }

  @BroadcastSubscription(topics.populationSnapshotPublished)
  published({ events }: EventBatch<PopulationSnapshotPublished>): Promise<void> {
    return this.#keep(events);
  }

  async #keep(events: readonly EventEnvelope[]): Promise<void> {
    const pointer = (await artefacts.find(artefactKeys.champion)) !== null;
    heard.push(...events.map((event) => ({ event, pointer })));
  }
}

@Module({ controllers: [WatchController] })
class WatchModule {}

const internalToken = 'internal';
const listen = { host: '127.0.0.1', port: 0 };
const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('trainer', () => {
  let home: string;
  let dataDir: string;
  let service: RunningService;
  let restart: () => Promise<void>;
  let first: TrainingView;
  let manifest: ModelManifest;
  const closing: (() => Promise<unknown>)[] = [];

  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(service.url + path, {
      method,
      headers: { authorization: `Bearer ${internalToken}`, 'accept-language': 'en', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const train = (seed: number, from = dataDir): Promise<TrainingView> =>
    runTraining({ url: service.url, internalToken, dataDir: from, seed, studies: 'none', pollEveryMs: 50 });
  const models = async () => modelVersionSchema.array().parse((await call('GET', '/models')).body);
  const read = (name: string): Promise<Uint8Array> => artefacts.read(artefactKeys.model(manifest.modelVersion, name));

  beforeAll(async () => {
    home = await createFolder();
    dataDir = await writePopulation(1500, 60);
    const clock = { now: () => new Date() };
    const database = await openEmbeddedDatabase(join(home, 'database'));
    const courier = createEmbeddedCourier({ database, clock });
    const tables = await openDuckDbTables();
    artefacts = await openFolderArtefacts(join(home, 'artefacts'));
    const ports = { database, courier, artefacts, tables, clock, internalToken, logLevel: 'silent' } as const;
    const watch = await startService({ name: 'gateway', module: WatchModule, migrations: {} }, ports, listen);
    service = await startService(trainerService('home-credit'), ports, listen);
    restart = async () => {
      await service.close();
      service = await startService(trainerService('home-credit'), ports, listen);
    };
    closing.push(
      () => service.close(),
      () => watch.close(),
      () => courier.close(),
      () => tables.close(),
      () => database.close(),
    );
  }, 60_000);

  afterAll(async () => {
    for (const close of closing) await close();
    await rm(home, { recursive: true });
    await rm(dataDir, { recursive: true });
  });

  it('loses nothing and leaves nothing when it stops during a training, and clears away what an earlier one left half written', async () => {
    await artefacts.write(artefactKeys.snapshot('left', snapshotFiles.applications), Buffer.from('half'));
    const { status, body } = await call('POST', '/trainings', { dataDir, seed: 1 });
    expect(status).toBe(202);
    const { trainingId } = trainingViewSchema.parse(body);
    const second = await call('POST', '/trainings', { dataDir, seed: 2 });
    expect([second.status, problemSchema.parse(second.body).code]).toEqual([409, 'training-in-progress']);
    const logError = jest.spyOn(service.app.get<EventLog>(LOG, { strict: false }), 'error');
    await restart();
    expect(logError).not.toHaveBeenCalled();
    expect(trainingViewSchema.parse((await call('GET', `/trainings/${trainingId}`)).body)).toMatchObject({
      phase: 'failed',
      modelVersion: null,
      isPromoted: false,
    });
    expect(await models()).toEqual([]);
    expect(await artefacts.list('')).toEqual([]);
  }, 60_000);

  it('trains, registers and promotes a first model, and tells the others once they can find it', async () => {
    first = await train(42);
    expect(first).toMatchObject({ phase: 'done', share: 1, message: expect.stringContaining(': promoted'), isPromoted: true, problems: [] });
    const modelVersion = first.modelVersion ?? '';
    manifest = modelManifestSchema.parse(json(await artefacts.read(artefactKeys.model(modelVersion, modelFiles.manifest))));
    expect(manifest.training).toMatchObject({ rows: 1500, folds: 5 });
    expect(manifest.metrics.rocAuc.value).toBeGreaterThan(0.7);
    expect(manifest.background.rows.length).toBe(100);
    expect(manifest.files.map(({ name }) => name)).toEqual([
      'model.onnx',
      'trees.json',
      ...[0, 1, 2, 3, 4].map((fold) => `fold-${fold}.trees.json`),
      'estimates.parquet',
      'attributions.parquet',
    ]);
    const [model] = await models();
    expect(model).toMatchObject({ modelVersion, alias: 'champion', promotedBy: 'bootstrap', rows: 1500 });

    expect(championPointerSchema.parse(json(await artefacts.read(artefactKeys.champion))).modelVersion).toBe(modelVersion);
    expect(snapshotPointerSchema.parse(json(await artefacts.read(artefactKeys.currentSnapshot))).snapshotId).toBe(manifest.snapshotId);
    const snapshot = populationSnapshotSchema.parse(json(await artefacts.read(artefactKeys.snapshot(manifest.snapshotId, snapshotFiles.snapshot))));
    expect(snapshot).toMatchObject({ labelledRows: 1500, unlabelledRows: 60, source: 'raw-folder' });
    while (heard.length < 3) await new Promise((resolve) => setImmediate(resolve));
    // Order holds within a topic, not between topics.
    expect(heard.map(({ event }) => event.type).toSorted()).toEqual(
      [topics.modelVersionRegistered, topics.populationSnapshotPublished, topics.modelVersionPromoted].toSorted(),
    );
    expect(heard.filter(({ event }) => event.type !== topics.modelVersionRegistered).every(({ pointer }) => pointer)).toBe(true);
  }, 120_000);

  it('judges every past loan by the model of its own fold, to the bit', async () => {
    const tables = await openDuckDbTables();
    const features = await artefacts.localPath(artefactKeys.snapshot(manifest.snapshotId, snapshotFiles.features));
    const estimates = await artefacts.localPath(artefactKeys.model(manifest.modelVersion, modelFiles.estimates));
    const rows = await tables.query(
      `select e.fold, e.margin, e."probabilityOfDefault" as pd, f.* from '${estimates}' e join '${features}' f using ("applicationId")`,
    );
    await tables.close();
    expect(rows).toHaveLength(1500);
    for (let fold = 0; fold < manifest.training.folds; fold++) {
      const judged = rows.filter((row) => row['fold'] === fold);
      const matrix: FeatureMatrix = {
        numRows: judged.length,
        numFeatures: manifest.featureNames.length,
        values: Float32Array.from(judged.flatMap((row) => manifest.featureNames.map((name) => Number(row[name] ?? Number.NaN)))),
      };
      const margins = predictMargins(parseTrees(Buffer.from(await read(modelFiles.foldTrees(fold))).toString('utf8')), matrix);
      expect(judged.map(({ margin }) => margin)).toEqual([...margins]);
      expect(judged.map(({ pd }) => pd)).toEqual([...margins].map(sigmoid));
    }
  });

  it('estimates the rows without outcome by the served model, and gives them no fold', async () => {
    const lines = Buffer.from(await artefacts.read(artefactKeys.snapshot(manifest.snapshotId, snapshotFiles.unlabelled))).toString('utf8');
    const applications = lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => applicationSchema.parse(JSON.parse(line)));
    const tables = await openDuckDbTables();
    const estimates = await artefacts.localPath(artefactKeys.model(manifest.modelVersion, modelFiles.estimates));
    const rows = await tables.query(
      `select "applicationId" as id, split, margin, "probabilityOfDefault" as pd from '${estimates}' where fold is null`,
    );
    await tables.close();
    const matrix = computeFeatureMatrix(homeCreditCatalogue, applications, manifest.featureNames);
    const margins = predictMargins(parseTrees(Buffer.from(await read(modelFiles.trees)).toString('utf8')), matrix);
    expect(applications).toHaveLength(60);
    expect(new Map(rows.map(({ id, split, margin, pd }) => [id, { split, margin, pd }]))).toEqual(
      new Map(applications.map(({ applicationId }, row) => [applicationId, { split: null, margin: margins[row], pd: sigmoid(margins[row]!) }])),
    );
  });

  it('keeps what weighed on each past loan, by reason, as the fold model that never saw it explains it', async () => {
    const tables = await openDuckDbTables();
    const [estimates, attributions] = await Promise.all(
      [modelFiles.estimates, modelFiles.attributions].map((name) => artefacts.localPath(artefactKeys.model(manifest.modelVersion, name))),
    );
    const features = await artefacts.localPath(artefactKeys.snapshot(manifest.snapshotId, snapshotFiles.features));
    const rows = await tables.query(
      `select e.fold, e.margin, f.*, 'here' as here, a.* from '${attributions}' a join '${estimates}' e using ("applicationId") join '${features}' f using ("applicationId")`,
    );
    const order = await tables.query(`select a."applicationId" = f."applicationId" as same from '${attributions}' a positional join '${features}' f`);
    await tables.close();
    expect(order.every(({ same }) => same === true)).toBe(true);
    expect(rows).toHaveLength(1500);
    const numFeatures = manifest.featureNames.length;
    const { background } = manifest;
    const codeOf = new Map(homeCreditCatalogue.features.map(({ name, reasonCode }) => [name, reasonCode]));
    for (let fold = 0; fold < manifest.training.folds; fold++) {
      const explainer = createBackgroundExplainer(parseTrees(Buffer.from(await read(modelFiles.foldTrees(fold))).toString('utf8')), {
        numRows: background.rows.length,
        numFeatures,
        values: Float32Array.from(background.rows.flat(), (value) => value ?? Number.NaN),
      });
      for (const row of rows.filter((other) => other['fold'] === fold).slice(0, 10)) {
        const sums: Record<string, number> = {};
        for (const [index, value] of explainer.explain(manifest.featureNames.map((name) => Number(row[name] ?? Number.NaN))).entries()) {
          const code = codeOf.get(manifest.featureNames[index] ?? '') ?? '';
          sums[code] = (sums[code] ?? 0) + value;
        }
        const codes = Object.keys(sums);
        expect(codes.length).toBeGreaterThan(5);
        for (const code of codes) expect(row[code]).toBeCloseTo(sums[code]!, 5);
        expect(codes.reduce((sum, code) => sum + Number(row[code]), explainer.baseValue)).toBeCloseTo(Number(row['margin']), 4);
      }
    }
  });

  it('gives the same version for the same data and seed, and leaves the next one to a person', async () => {
    const manifestBefore = await read(modelFiles.manifest);
    expect(await train(42)).toMatchObject({ phase: 'done', modelVersion: first.modelVersion, isPromoted: true });
    expect(await read(modelFiles.manifest)).toEqual(manifestBefore);
    expect(await models()).toHaveLength(1);
    const other = await train(43);
    expect(other).toMatchObject({ phase: 'done', isPromoted: false });
    expect(other.modelVersion).not.toBe(first.modelVersion);
    expect((await models()).map(({ alias }) => alias)).toEqual(['challenger', 'champion']);
    expect(championPointerSchema.parse(json(await artefacts.read(artefactKeys.champion))).modelVersion).toBe(first.modelVersion);
  }, 120_000);

  it('writes lost or wrong pointers again at start, from the database', async () => {
    await artefacts.write(artefactKeys.champion, Buffer.from('{}'));
    await restart();
    expect(championPointerSchema.parse(json(await artefacts.read(artefactKeys.champion))).modelVersion).toBe(first.modelVersion);
    expect(heard.filter(({ event }) => event.type === topics.modelVersionPromoted)).toHaveLength(1);
  }, 60_000);

  it('answers a refused folder with its problems, an unknown training with 404, a malformed request with its fields', async () => {
    const empty = await createFolder();
    const refused = await train(1, empty);
    await rm(empty, { recursive: true });
    expect(refused).toMatchObject({
      phase: 'failed',
      message: 'the raw tables have 1 problem',
      modelVersion: null,
      problems: [{ table: 'application_train', column: null, row: null }],
    });
    expect(trainingViewSchema.parse((await call('GET', `/trainings/${refused.trainingId}`)).body)).toEqual(refused);
    expect((await call('GET', '/trainings/nobody')).status).toBe(404);
    const malformed = await call('POST', '/trainings', { dataDir: '', seed: -1 });
    expect([malformed.status, problemSchema.parse(malformed.body).problems?.map(({ field }) => field)]).toEqual([400, ['dataDir', 'seed']]);
  }, 60_000);

  describe('registration', () => {
    /** The stored version with some files replaced, and the manifest's hashes made to fit unless told. */
    const tampered = (changes: Readonly<Record<string, Uint8Array>>, isHashed = true): ArtefactStore => ({
      ...artefacts,
      read: async (key) => {
        const name = key.split('/').at(-1) ?? '';
        if (changes[name] !== undefined) return changes[name];
        const bytes = await artefacts.read(key);
        if (name !== modelFiles.manifest || !isHashed) return bytes;
        const files = manifest.files.map((file) =>
          changes[file.name] === undefined ? file : { ...file, sha256: hashOf(changes[file.name]!), bytes: changes[file.name]!.length },
        );
        return Buffer.from(JSON.stringify({ ...manifest, files }));
      },
    });
    const refusal = async (store: ArtefactStore): Promise<string> => {
      try {
        await verifyArtefact(store, manifest.modelVersion);
        return 'accepted';
      } catch (error) {
        if (error instanceof RejectedError) return error.message;
        throw error;
      }
    };

    it('accepts what was trained: margins equal to the bit, attributions that add up', async () => {
      const { marginDifference, probabilityDifference, additivityError } = await verifyArtefact(artefacts, manifest.modelVersion);
      expect(marginDifference).toBe(0);
      expect(probabilityDifference).toBeLessThanOrEqual(1e-12);
      expect(additivityError).toBeLessThanOrEqual(1e-9);
    });

    it('refuses an ONNX file with one leaf moved by a billionth', async () => {
      const ensemble = parseTrees(Buffer.from(await read(modelFiles.trees)).toString('utf8'));
      const tree = ensemble.trees[0]!;
      const leaf = tree.leftChild.indexOf(-1);
      tree.leafValue[leaf]! *= 1 + 1e-9;
      const onnx = toOnnx(ensemble);
      expect(await refusal(tampered({ [modelFiles.onnx]: onnx }))).toContain('disagree');
      expect(await refusal(tampered({ [modelFiles.onnx]: onnx }, false))).toContain('not the one that the manifest describes');
    });

    it('refuses files that cannot be read and another version’s manifest', async () => {
      const rubbish = Buffer.from('rubbish');
      expect(await refusal(tampered({ [modelFiles.onnx]: rubbish }))).toContain('ONNX Runtime cannot read');
      expect(await refusal(tampered({ [modelFiles.trees]: rubbish }))).toContain('cannot be read');
      expect(await refusal(tampered({ [modelFiles.foldTrees(3)]: rubbish }))).toContain('fold-3.trees.json');
      expect(await refusal(tampered({ [modelFiles.manifest]: Buffer.from('{}') }))).toContain('manifest');
    });
  });
});
