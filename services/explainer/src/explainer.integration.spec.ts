import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explanationSchema, topics } from '@lisible/contracts';
import type { ApplicationDecided, DecisionExplained, EventEnvelope } from '@lisible/contracts';
import { toVector } from '@lisible/credit';
import {
  BroadcastSubscription,
  createEmbeddedCourier,
  openDuckDbTables,
  openEmbeddedDatabase,
  openFolderArtefacts,
  startService,
  TRANSACTIONS,
} from '@lisible/platform';
import type { ArtefactStore, EventBatch, RunningService, TableReader, Transactions } from '@lisible/platform';
import { predictMargin, sigmoid } from '@lisible/tree-ensemble';
import { Controller, Module } from '@nestjs/common';
import { Champion } from './follow-champion/champion.ts';
import { explainerService } from './index.ts';
import { trainSmallModel } from './testing/small-model.ts';
import type { SmallModel } from './testing/small-model.ts';

const explained: EventEnvelope<DecisionExplained>[] = [];
const arrivals: (() => void)[] = [];

@Controller()
class WatchController {
  @BroadcastSubscription(topics.decisionExplained)
  async decisionExplained({ events }: EventBatch<DecisionExplained>): Promise<void> {
    explained.push(...events);
    for (const arrived of arrivals.splice(0)) arrived();
  }
}

@Module({ controllers: [WatchController] })
class WatchModule {}

/** Scoring, as far as the explainer sees it: a writer of events. */
@Module({})
class SilentModule {}

const explainedOf = async (applicationId: string): Promise<DecisionExplained> => {
  for (;;) {
    const found = explained.find(({ subject }) => subject === applicationId);
    if (found !== undefined) return found.data;
    await new Promise<void>((resolve) => arrivals.push(resolve));
  }
};

const first = trainSmallModel('v1', 5);
const second = trainSmallModel('v2', 6);
/** The past loan in fold 1 that the fold model estimated. */
const pastLoan = { position: 7, fold: 1 } as const;
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('explainer', () => {
  let folder: string;
  let explainer: RunningService;
  let scoring: RunningService;
  let artefacts: ArtefactStore;
  let tables: TableReader;
  const closing: (() => Promise<unknown>)[] = [];

  const read = async (path: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${explainer.url}${path}`, { headers: { authorization: 'Bearer internal', 'accept-language': 'en' } });
    return { status: response.status, body: await response.json() };
  };

  const announce = async (decisions: readonly ApplicationDecided[], cause = 'first'): Promise<void> => {
    const transactions = scoring.app.get<Transactions<unknown>>(TRANSACTIONS, { strict: false });
    await transactions.run(async (unit) => {
      for (const data of decisions)
        await unit.emit(topics.applicationDecided, { subject: data.applicationId, data, cause: `${cause}:${data.applicationId}` });
    });
  };

  const foldMargin = ({ folds, manifest, featuresOf }: SmallModel): number =>
    predictMargin(folds[pastLoan.fold]!, toVector(manifest.featureNames, featuresOf(pastLoan.position)));

  const register = async (model: SmallModel): Promise<void> => {
    const { manifest, files } = model;
    const prefix = `models/${manifest.modelVersion}`;
    for (const [name, bytes] of files) await artefacts.write(`${prefix}/${name}`, bytes);
    await artefacts.write(`${prefix}/manifest.json`, encode(manifest));
    const margin = foldMargin(model);
    await tables.query(
      `copy (select 'T-${pastLoan.position}' as "applicationId", ${pastLoan.fold} as fold, '${margin}'::double as margin, '${sigmoid(margin)}'::double as "probabilityOfDefault") to '${await artefacts.localPath(`${prefix}/estimates.parquet`)}' (format parquet)`,
    );
  };

  const publishSnapshot = async ({ manifest, featuresOf }: SmallModel): Promise<void> => {
    await artefacts.write('snapshots/s1/snapshot.json', encode({}));
    const features = featuresOf(pastLoan.position);
    const columns = manifest.featureNames.map((name) => `${features[name] === null ? 'null' : `'${features[name]}'`}::float as "${name}"`);
    await tables.query(
      `copy (select 'T-${pastLoan.position}' as "applicationId", ${columns.join(', ')}) to '${await artefacts.localPath('snapshots/s1/features.parquet')}' (format parquet)`,
    );
    await tables.query(
      `copy (select 'T-${pastLoan.position}' as "applicationId", 'EUR' as currency) to '${await artefacts.localPath('snapshots/s1/applications.parquet')}' (format parquet)`,
    );
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-explainer-'));
    const clock = { now: () => new Date('2026-11-20T08:00:00.000Z') };
    const database = await openEmbeddedDatabase(join(folder, 'database'));
    const courier = createEmbeddedCourier({ database, clock, backOff: () => new Promise((resolve) => setImmediate(resolve)) });
    const duckDb = await openDuckDbTables();
    tables = duckDb;
    artefacts = await openFolderArtefacts(join(folder, 'artefacts'));
    const ports = { database, courier, artefacts, tables, clock, internalToken: 'internal', logLevel: 'silent' } as const;
    const listen = { host: '127.0.0.1', port: 0 };
    scoring = await startService({ name: 'scoring', module: SilentModule, migrations: {} }, ports, listen);
    explainer = await startService(explainerService('home-credit'), ports, listen);
    const watch = await startService({ name: 'gateway', module: WatchModule, migrations: {} }, ports, listen);
    closing.push(
      ...[watch, explainer, scoring].map((service) => () => service.close()),
      () => courier.close(),
      () => duckDb.close(),
      () => database.close(),
    );
  }, 30_000);

  afterAll(async () => {
    for (const close of closing) await close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is ready without a model; a decision waits until its model version is there', async () => {
    expect((await fetch(`${explainer.url}/health/ready`)).status).toBe(200);
    expect((await read('/past-loans/T-7/explanation')).status).toBe(503);
    await announce([first.decidedOf(0)]);
    expect((await read('/explanations/T-0')).status).toBe(404);
    await register(first);
    expect((await explainedOf('T-0')).modelVersion).toBe('v1');
  });

  it('explains each decision by the trees that made it, whichever is champion', async () => {
    await register(second);
    const decisions = Array.from({ length: 20 }, (_, position) => (position % 2 === 0 ? first : second).decidedOf(position + 10));
    await announce(decisions);
    for (const { applicationId, margin, modelVersion, proposal } of decisions) {
      const announced = await explainedOf(applicationId);
      const explanation = explanationSchema.parse((await read(`/explanations/${applicationId}`)).body);
      const { attributions, ...rest } = explanation;
      expect(announced).toEqual(rest);
      expect(explanation.modelVersion).toBe(modelVersion);
      expect(Math.abs(attributions.shapValues.reduce((sum, value) => sum + value, attributions.baseValue) - margin)).toBeLessThan(1e-9);
      if (proposal === 'declined') expect(explanation.reasonCodes[0]?.direction).toBe('increases-risk');
      for (const { statement } of explanation.reasonCodes) expect(`${statement.fr}${statement.en}`).not.toMatch(/[{}]|undefined|NaN/);
    }
  });

  it('explains an application once', async () => {
    const before = (await read('/explanations/T-0')).body;
    await announce([first.decidedOf(0)], 'again');
    await announce([first.decidedOf(40)]);
    await explainedOf('T-40');
    expect(explained.filter(({ subject }) => subject === 'T-0')).toHaveLength(1);
    expect((await read('/explanations/T-0')).body).toEqual(before);
  });

  it('explains a past loan by its fold model, under the policy that scoring announced', async () => {
    await publishSnapshot(second);
    const { modelName, modelVersion, recommendedPolicy } = second.manifest;
    await artefacts.write(
      'registry/champion.json',
      encode({ modelName, modelVersion, promotedAt: '2026-11-20T08:00:00.000Z', promotedBy: 'bootstrap' }),
    );
    await explainer.app.get(Champion).refresh();
    const margin = foldMargin(second);
    const explanation = explanationSchema.parse((await read('/past-loans/T-7/explanation')).body);
    expect(explanation).toMatchObject({
      modelVersion: 'v2',
      policyName: recommendedPolicy.policyName,
      policyVersion: 1,
      probabilityOfDefault: sigmoid(margin),
      ruleHits: [],
    });
    expect(
      Math.abs(explanation.attributions.shapValues.reduce((sum, value) => sum + value, explanation.attributions.baseValue) - margin),
    ).toBeLessThan(1e-9);

    const transactions = scoring.app.get<Transactions<unknown>>(TRANSACTIONS, { strict: false });
    await transactions.run((unit) =>
      unit.emit(topics.policyChanged, {
        subject: 'consumer-credit',
        cause: 'policy',
        data: { policyName: 'consumer-credit', policyVersion: 2, policy: recommendedPolicy, changedBy: 'risk-1', reason: 'spec' },
      }),
    );
    let policyVersion = 1;
    while (policyVersion === 1) ({ policyVersion } = explanationSchema.parse((await read('/past-loans/T-7/explanation')).body));
    expect(policyVersion).toBe(2);
    expect((await read('/past-loans/T-9/explanation')).status).toBe(404);
  });
});
