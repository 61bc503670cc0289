import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decisionSchema, pastLoanEstimateSchema, policyVersionsSchema, policyViewSchema, problemSchema, topics } from '@lisible/contracts';
import type { ApplicationDecided, EventEnvelope, PolicyChanged } from '@lisible/contracts';
import { canonicalJson, decide, toVector } from '@lisible/credit';
import {
  BroadcastSubscription,
  createEmbeddedCourier,
  DATABASE,
  openDuckDbTables,
  openEmbeddedDatabase,
  openFolderArtefacts,
  startService,
  TRANSACTIONS,
} from '@lisible/platform';
import type { ArtefactStore, EventBatch, RunningService, TableReader, Transactions } from '@lisible/platform';
import { predictMargin, sigmoid } from '@lisible/tree-ensemble';
import { Controller, Module } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { scoringService } from './index.ts';
import type { ScoringTables } from './ledger/tables.ts';
import { drawApplications, prepared, trainSmallModel } from './testing/small-model.ts';
import type { SmallModel } from './testing/small-model.ts';

const decided: EventEnvelope<ApplicationDecided>[] = [];
const policyChanges: EventEnvelope<PolicyChanged>[] = [];
const arrivals: (() => void)[] = [];

@Controller()
class WatchController {
  @BroadcastSubscription(topics.applicationDecided)
  async applicationDecided({ events }: EventBatch<ApplicationDecided>): Promise<void> {
    decided.push(...events);
    for (const arrived of arrivals.splice(0)) arrived();
  }

  @BroadcastSubscription(topics.policyChanged)
  async policyChanged({ events }: EventBatch<PolicyChanged>): Promise<void> {
    policyChanges.push(...events);
  }
}

@Module({ controllers: [WatchController] })
class WatchModule {}

/** Neighbours that only write events: what they decide is not tested here. */
@Module({})
class SilentModule {}

const decidedOf = async (applicationId: string): Promise<ApplicationDecided> => {
  for (;;) {
    const found = decided.find(({ subject }) => subject === applicationId);
    if (found !== undefined) return found.data;
    await new Promise<void>((resolve) => arrivals.push(resolve));
  }
};

const applications = drawApplications(40, 11);
const first = trainSmallModel('v1', 5);
const second = trainSmallModel('v2', 6);
const estimates =
  'select \'P-1\' as "applicationId", 2 as fold, -2.5::double as margin, 0.25::double as "probabilityOfDefault" union all select \'P-2\', 0, -3.0, 0.01';

/** Identifier, amount, income and outcome of the loans that the model learnt from. */
const pastLoans = `select *, '2026-01-05T10:00:00.000Z' as "submittedAt", 'EUR' as currency, "applicationId" as "clientId" from
  (values ('P-1', 50000.0, 20000.0, 1), ('P-2', 250000.0, 90000.0, 0)) as loans("applicationId", "creditAmount", "incomeAmount", defaulted)`;

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('scoring', () => {
  let folder: string;
  let scoring: RunningService;
  let profile: RunningService;
  let trainer: RunningService;
  let artefacts: ArtefactStore;
  let tables: TableReader;
  const closing: (() => Promise<unknown>)[] = [];

  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${scoring.url}${path}`, {
      method,
      headers: { authorization: 'Bearer internal', 'accept-language': 'en', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };

  /** Resolves once this version is in service; the test's own time limit bounds it. */
  const servingModel = async (modelVersion: string): Promise<void> => {
    for (;;) {
      const { body } = await call('GET', '/model');
      if ((body as { modelVersion?: string }).modelVersion === modelVersion) return;
    }
  };

  const announce = async (positions: readonly number[], cause = 'first'): Promise<void> => {
    const transactions = profile.app.get<Transactions<unknown>>(TRANSACTIONS, { strict: false });
    await transactions.run(async (unit) => {
      for (const position of positions) {
        const data = prepared(applications[position]!);
        await unit.emit(topics.applicationPrepared, { subject: data.applicationId, data, cause: `${cause}:${data.applicationId}` });
      }
    });
  };

  const promote = async ({ onnx, manifest }: SmallModel): Promise<void> => {
    const { modelName, modelVersion } = manifest;
    await artefacts.write('snapshots/s1/applications.parquet', new Uint8Array());
    await tables.query(`copy (${pastLoans}) to '${await artefacts.localPath('snapshots/s1/applications.parquet')}' (format parquet)`);
    await artefacts.write(`models/${modelVersion}/estimates.parquet`, new Uint8Array());
    await tables.query(`copy (${estimates}) to '${await artefacts.localPath(`models/${modelVersion}/estimates.parquet`)}' (format parquet)`);
    const bytes = await artefacts.read(`models/${modelVersion}/estimates.parquet`);
    const files = [...manifest.files, { name: 'estimates.parquet', sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }];
    await artefacts.write(`models/${modelVersion}/model.onnx`, onnx);
    await artefacts.write(`models/${modelVersion}/manifest.json`, encode({ ...manifest, files }));
    await artefacts.write(
      'registry/champion.json',
      encode({ modelName, modelVersion, promotedAt: '2026-11-20T08:00:00.000Z', promotedBy: 'bootstrap' }),
    );
    const transactions = trainer.app.get<Transactions<unknown>>(TRANSACTIONS, { strict: false });
    await transactions.run((unit) =>
      unit.emit(topics.modelVersionPromoted, {
        subject: modelName,
        cause: `promote:${modelVersion}`,
        data: { modelName, modelVersion, alias: 'champion', previousVersion: null, promotedBy: 'bootstrap' },
      }),
    );
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-scoring-'));
    const clock = { now: () => new Date('2026-11-20T08:00:00.000Z') };
    const database = await openEmbeddedDatabase(join(folder, 'database'));
    // The pause of a topic without a model is what is tested, not its length.
    const courier = createEmbeddedCourier({ database, clock, backOff: () => new Promise((resolve) => setImmediate(resolve)) });
    const duckDb = await openDuckDbTables();
    tables = duckDb;
    artefacts = await openFolderArtefacts(join(folder, 'artefacts'));
    const ports = { database, courier, artefacts, tables, clock, internalToken: 'internal', logLevel: 'silent' } as const;
    const listen = { host: '127.0.0.1', port: 0 };
    profile = await startService({ name: 'client-profile', module: SilentModule, migrations: {} }, ports, listen);
    trainer = await startService({ name: 'trainer', module: SilentModule, migrations: {} }, ports, listen);
    scoring = await startService(scoringService, ports, listen);
    const watch = await startService({ name: 'gateway', module: WatchModule, migrations: {} }, ports, listen);
    closing.push(
      ...[watch, scoring, trainer, profile].map((service) => () => service.close()),
      () => courier.close(),
      () => duckDb.close(),
      () => database.close(),
    );
  }, 30_000);

  afterAll(async () => {
    for (const close of closing) await close();
    await rm(folder, { recursive: true, force: true });
  });

  it('without a model is ready, answers no-model and loses nothing: the promotion releases what waits', async () => {
    const ready = await fetch(`${scoring.url}/health/ready`);
    expect([ready.status, await ready.text()]).toEqual([200, expect.stringContaining('no-model')]);
    for (const path of ['/model', '/policy', '/past-loans/P-1/estimate']) {
      const { status, body } = await call('GET', path);
      expect([path, status, problemSchema.parse(body).code]).toEqual([path, 503, 'no-model']);
    }
    await announce([0, 1, 2]);
    expect((await call('GET', '/decisions/T-0')).status).toBe(404);

    await promote(first);
    const applicationIds = ['T-0', 'T-1', 'T-2'];
    for (const applicationId of applicationIds) await decidedOf(applicationId);
    expect((await call('GET', '/model')).body).toEqual({ modelName: 'probability-of-default', modelVersion: 'v1' });
  });

  it('records what the served model and the policy in force say, number for number', async () => {
    const event = await decidedOf('T-1');
    const decision = decisionSchema.parse((await call('GET', '/decisions/T-1')).body);
    const { features } = prepared(applications[1]!);
    expect(decision.margin).toBe(predictMargin(first.ensemble, toVector(first.manifest.featureNames, features)));
    expect(decision.probabilityOfDefault).toBeCloseTo(sigmoid(decision.margin), 12);
    const { policyInputs } = prepared(applications[1]!);
    expect(decision).toMatchObject({
      ...decide(first.manifest.recommendedPolicy, { probabilityOfDefault: decision.probabilityOfDefault, policyInputs }),
      modelVersion: 'v1',
      policyVersion: 1,
      decidedAt: '2026-11-20T08:00:00.000Z',
    });
    expect(decision.featuresHash).toBe(createHash('sha256').update(canonicalJson(features)).digest('hex'));
    expect(event).toEqual({ ...decision, catalogueVersion: first.manifest.catalogueVersion, currency: 'EUR', features });
  });

  it('adopts the first champion’s policy as version 1 and announces it once', async () => {
    const view = policyViewSchema.parse((await call('GET', '/policy')).body);
    expect(view).toEqual({
      policyName: 'consumer-credit',
      policyVersion: 1,
      adoptedAt: '2026-11-20T08:00:00.000Z',
      adoptedBy: 'bootstrap',
      policy: first.manifest.recommendedPolicy,
    });
    expect(policyChanges.map(({ data }) => [data.policyVersion, data.changedBy])).toEqual([[1, 'bootstrap']]);
  });

  it('decides an application once, whoever announces it again', async () => {
    const before = (await call('GET', '/decisions/T-0')).body;
    await announce([0], 'again');
    await announce([3]);
    await decidedOf('T-3');
    expect(decided.filter(({ subject }) => subject === 'T-0')).toHaveLength(1);
    expect((await call('GET', '/decisions/T-0')).body).toEqual(before);
  });

  it('takes the next champion over between two batches and keeps the policy', async () => {
    await promote(second);
    await announce(Array.from({ length: 30 }, (_, position) => position + 5));
    for (let position = 5; position < 35; position++) {
      const { margin, modelVersion, policyVersion, features } = await decidedOf(`T-${position}`);
      const { ensemble, manifest } = modelVersion === 'v1' ? first : second;
      expect([margin, policyVersion]).toEqual([predictMargin(ensemble, toVector(manifest.featureNames, features)), 1]);
    }
    // The promotion and the applications travel apart: nothing says that the second model is open before the thirtieth decision.
    await servingModel('v2');
    await announce([36]);
    expect((await decidedOf('T-36')).modelVersion).toBe('v2');
    expect(policyChanges).toHaveLength(1);
  });

  it('replays every decision of the ledger from its own row', async () => {
    const database = scoring.app.get<Kysely<ScoringTables>>(DATABASE, { strict: false });
    const rows = await database.selectFrom('decision').selectAll().execute();
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) {
      const { ensemble, manifest } = row.model_version === 'v1' ? first : second;
      const margin = predictMargin(ensemble, toVector(manifest.featureNames, row.features as Record<string, number | null>));
      const { decision } = decide(first.manifest.recommendedPolicy, {
        probabilityOfDefault: row.probability_of_default,
        policyInputs: row.policy_inputs as Record<string, number | boolean | null>,
      });
      expect([margin, decision]).toEqual([row.margin, row.decision]);
    }
  });

  it('looks decisions and past-loan estimates up, those that exist', async () => {
    const { body } = await call('POST', '/decisions/lookup', { applicationIds: ['T-0', 'T-99'] });
    const { probabilityOfDefault, proposal, decision } = decisionSchema.parse((await call('GET', '/decisions/T-0')).body);
    expect(body).toEqual({ decisions: [{ applicationId: 'T-0', probabilityOfDefault, proposal, decision }] });
    expect((await call('POST', '/past-loans/lookup', { applicationIds: ['P-2', 'P-1', 'P-9'] })).body).toEqual({
      estimates: expect.arrayContaining([
        { applicationId: 'P-1', probabilityOfDefault: 0.25, proposal: 'declined' },
        { applicationId: 'P-2', probabilityOfDefault: 0.01, proposal: 'approved' },
      ]),
    });
    expect((await call('POST', '/decisions/lookup', { applicationIds: [] })).body).toEqual({ decisions: [] });
    expect((await call('POST', '/decisions/lookup', { ids: [] })).status).toBe(400);
    const estimate = pastLoanEstimateSchema.parse((await call('GET', '/past-loans/P-1/estimate')).body);
    expect([estimate.fold, estimate.margin, estimate.modelVersion, estimate.proposal]).toEqual([2, -2.5, 'v2', 'declined']);
    expect((await call('GET', '/past-loans/P-9/estimate')).status).toBe(404);
  });

  describe('a change of policy', () => {
    const body = (changes: object = {}, expectedVersion = 1) => {
      const { misclassificationCost, rules } = first.manifest.recommendedPolicy;
      return { expectedVersion, reason: 'Fewer refusals in spring.', policy: { misclassificationCost, reviewCapacity: 1, rules, ...changes } };
    };
    const amountAwareCost = { amountField: 'creditAmount', lossGivenDefault: 0.75, marginRate: 0.02, thresholdBounds: { lower: 0.05, upper: 0.2 } };
    const change = async (content: unknown, actor = 'claire') => {
      const response = await fetch(`${scoring.url}/policies`, {
        method: 'POST',
        headers: { authorization: 'Bearer internal', 'accept-language': 'en', 'content-type': 'application/json', 'x-lisible-actor': actor },
        body: JSON.stringify(content),
      });
      return { status: response.status, body: await response.json() };
    };

    it('is refused with everything that is wrong with it, and changes nothing', async () => {
      const rule = {
        code: 'low',
        condition: { input: 'shoeSize', operator: 'equals', value: 3 },
        effect: 'refer',
        statement: { fr: '', en: 'Small.' },
      };
      const { status, body: answer } = await change({
        ...body({
          reviewCapacity: 2,
          rules: [rule, { code: 4 }],
          amountAwareCost: { ...amountAwareCost, thresholdBounds: { lower: 0.3, upper: 0.2 } },
        }),
        reason: ' ',
        colour: 'blue',
      });
      const problem = problemSchema.parse(answer);
      expect([status, problem.code]).toEqual([422, 'policy-invalid']);
      expect(problem.problems?.map(({ field }) => field)).toEqual(
        expect.arrayContaining([
          'reason',
          'colour',
          'policy.reviewCapacity',
          'policy.rules.0.code',
          'policy.rules.0.condition.input',
          'policy.rules.0.statement.fr',
          'policy.rules.1.code',
          'policy.rules.1.condition',
          'policy.amountAwareCost.thresholdBounds',
        ]),
      );
      for (const content of [null, 'much', [], {}]) expect((await change(content)).status).toBe(422);
      expect(policyViewSchema.parse((await call('GET', '/policy')).body).policyVersion).toBe(1);
    });

    it('becomes the next version, says who and why, and decides from the next batch on', async () => {
      const before = decisionSchema.parse((await call('GET', '/decisions/T-1')).body);
      const { status, body: answer } = await change(body({ amountAwareCost }));
      expect([status, answer]).toEqual([
        200,
        expect.objectContaining({ policyVersion: 2, adoptedBy: 'claire', reason: 'Fewer refusals in spring.' }),
      ]);
      const { policy } = policyViewSchema.parse((await call('GET', '/policy')).body);
      // Measured on the past loans: two of them, one unpaid.
      expect(policy.amountAwareCost).toEqual({ ...amountAwareCost, averageAmount: 150_000, averageDefaultRate: 0.5 });
      expect([policy.decisionThreshold, policy.greyZone]).toEqual([1 / 11, { lower: expect.any(Number), upper: expect.any(Number) }]);
      const { versions } = policyVersionsSchema.parse((await call('GET', '/policies')).body);
      expect(versions.map(({ policyVersion, adoptedBy, reason }) => [policyVersion, adoptedBy, reason])).toEqual([
        [2, 'claire', 'Fewer refusals in spring.'],
        [1, 'bootstrap', 'recommended by the first champion, v1'],
      ]);
      while (policyChanges.length < 2) await new Promise((resolve) => setImmediate(resolve));
      expect(policyChanges[1]!.data).toEqual({
        policyName: 'consumer-credit',
        policyVersion: 2,
        policy,
        changedBy: 'claire',
        reason: 'Fewer refusals in spring.',
      });

      await announce([38]);
      const after = await decidedOf('T-38');
      const { policyInputs } = prepared(applications[38]!);
      expect(after).toMatchObject({
        ...decide(policy, { probabilityOfDefault: after.probabilityOfDefault, policyInputs: { ...policyInputs, featuresOutsideTrainingRange: 0 } }),
        policyVersion: 2,
      });
      expect(after.decisionThreshold).not.toBe(1 / 11);
      expect((await call('GET', '/decisions/T-1')).body).toEqual(before);
      const estimate = pastLoanEstimateSchema.parse((await call('GET', '/past-loans/P-1/estimate')).body);
      expect([estimate.policyVersion, estimate.decisionThreshold]).toEqual([2, 0.2]);
    });

    it('that starts from another version is a conflict in words, and of two at once one wins', async () => {
      const { status, body: answer } = await change(body());
      expect([status, problemSchema.parse(answer)]).toEqual([
        409,
        expect.objectContaining({
          code: 'policy-conflict',
          detail: 'The change starts from version 1, but version 2 is in force: read it, then start again.',
        }),
      ]);
      // Nor from one that is not there yet.
      expect((await change(body({}, 9))).status).toBe(409);
      const answers = await Promise.all([change(body({}, 2)), change(body({}, 2), 'paul')]);
      expect(answers.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      const { versions } = policyVersionsSchema.parse((await call('GET', '/policies')).body);
      expect(versions.map(({ policyVersion }) => policyVersion)).toEqual([3, 2, 1]);
      // The amounts are out of it again.
      expect(versions[0]!.policy.amountAwareCost).toBeUndefined();
    });
  });
});
