import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { artefactKeys, decidedPortfolioSchema, modelFiles, pastLoansPortfolioSchema, problemSchema, snapshotFiles, topics } from '@lisible/contracts';
import type { ApplicationDecided, DecidedPortfolio, PastLoansPortfolio, Policy } from '@lisible/contracts';
import { wilsonInterval } from '@lisible/credit';
import { createEmbeddedCourier, openDuckDbTables, openEmbeddedDatabase, openFolderArtefacts, startService, TRANSACTIONS } from '@lisible/platform';
import type { ArtefactStore, Database, RunningService, Transactions } from '@lisible/platform';
import { Module } from '@nestjs/common';
import { sql } from 'kysely';
import { drawDecisions } from '../../testing/decisions.ts';
import { makeUpManifest } from '../../testing/made-up-manifest.ts';
import { makeUpInputs } from '../../testing/made-up-studies.ts';
import { createFolder } from '../../testing/raw-tables.ts';
import { assembleEvidence } from '../model-evidence/assemble-evidence.ts';
import type { TrainerTables } from '../registry-tables.ts';
import { trainerService } from '../trainer.definition.ts';

/** Scoring, as far as the trainer sees it: a writer of events. */
@Module({})
class SilentModule {}

const internalToken = 'internal';
const listen = { host: '127.0.0.1', port: 0 };

const inputs = makeUpInputs();
const evidence = assembleEvidence(inputs);
const { modelVersion } = evidence;
const loans = Array.from(inputs.studies.candidates.find(({ isServed }) => isServed)!.probabilities, (probabilityOfDefault, row) => ({
  applicationId: `L-${row}`,
  probabilityOfDefault,
  defaulted: inputs.labels[row]!,
  creditAmount: 1000 + (row % 40) * 500,
}));

describe('the portfolio', () => {
  let home: string;
  let database: Database;
  let artefacts: ArtefactStore;
  let trainer: RunningService;
  let scoring: RunningService;
  let start: () => Promise<RunningService>;
  const closing: (() => Promise<unknown>)[] = [];
  const decisions = drawDecisions(450);

  const call = async (path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(trainer.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${internalToken}`, 'accept-language': 'en', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const decided = async (query = ''): Promise<DecidedPortfolio> => decidedPortfolioSchema.parse((await call(`/portfolio/decided${query}`)).body);
  const pastLoans = async (policy: Policy): Promise<PastLoansPortfolio> =>
    pastLoansPortfolioSchema.parse((await call('/portfolio/past-loans', { policy })).body);

  const announce = (some: readonly ApplicationDecided[], cause = 'scored'): Promise<void> =>
    scoring.app.get<Transactions<unknown>>(TRANSACTIONS, { strict: false }).run(async (unit) => {
      for (const data of some)
        await unit.emit(topics.applicationDecided, { subject: data.applicationId, data, cause: `${cause}:${data.applicationId}` });
    });
  /** Until every decision is behind the stored position. */
  const settle = async (): Promise<void> => {
    for (;;) {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from scoring.outbox
        where seq >= coalesce((select next from trainer.position where topic = ${topics.applicationDecided}), 1)`.execute(
        database.forService('trainer'),
      );
      if (rows[0]?.waiting === 0) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const writeTable = async (key: string, rows: readonly object[]): Promise<void> => {
    await artefacts.write(`${key}.json`, Buffer.from(JSON.stringify(rows)));
    await artefacts.write(key, new Uint8Array());
    const tables = await openDuckDbTables();
    await tables.query(
      `copy (select * from read_json('${await artefacts.localPath(`${key}.json`)}')) to '${await artefacts.localPath(key)}' (format parquet)`,
    );
    await tables.close();
  };
  const writeJson = (key: string, content: unknown): Promise<unknown> => artefacts.write(key, Buffer.from(JSON.stringify(content)));
  const promote = async (version: string, promotedAt: string, hasEvidence: boolean): Promise<void> => {
    const told = { ...evidence, modelVersion: version };
    const manifest = { ...makeUpManifest(told, inputs.policy, hasEvidence ? told : null), modelVersion: version };
    await writeJson(artefactKeys.model(version, modelFiles.manifest), manifest);
    if (hasEvidence) await writeJson(artefactKeys.model(version, modelFiles.evidence), told);
    await writeTable(artefactKeys.model(version, modelFiles.estimates), [
      ...loans.map(({ applicationId, probabilityOfDefault }, row) => ({ applicationId, probabilityOfDefault, fold: (row % 3) as number | null })),
      { applicationId: 'U-1', probabilityOfDefault: 0.4, fold: null },
    ]);
    await database
      .forService<TrainerTables>('trainer')
      .insertInto('model_version')
      .values({
        model_version: version,
        model_name: evidence.modelName,
        snapshot_id: 's',
        training_id: 't',
        manifest_hash: 'h',
        rows: loans.length,
        metrics: JSON.stringify(manifest.metrics),
        registered_at: promotedAt,
        promoted_at: promotedAt,
        promoted_by: 'bootstrap',
        previous_version: null,
        announced_at: promotedAt,
      })
      .execute();
  };

  beforeAll(async () => {
    home = await createFolder();
    const clock = { now: () => new Date() };
    database = await openEmbeddedDatabase(join(home, 'database'));
    const courier = createEmbeddedCourier({ database, clock });
    const tables = await openDuckDbTables();
    artefacts = await openFolderArtefacts(join(home, 'artefacts'));
    const ports = { database, courier, artefacts, tables, clock, internalToken, logLevel: 'silent' } as const;
    scoring = await startService({ name: 'scoring', module: SilentModule, migrations: {} }, ports, listen);
    start = () => startService(trainerService('home-credit'), ports, listen);
    // Decided before there was anybody who counts.
    await announce(decisions.slice(0, 200));
    trainer = await start();
    closing.push(
      () => scoring.close(),
      () => courier.close(),
      () => tables.close(),
      () => database.close(),
    );
  }, 60_000);

  afterAll(async () => {
    await trainer.close();
    for (const close of closing) await close();
    await rm(home, { recursive: true });
  });

  const byOutcome = (some: readonly ApplicationDecided[]) =>
    Object.fromEntries(
      (['approved', 'referred', 'declined'] as const).map((outcome) => [outcome, some.filter(({ decision }) => decision === outcome).length]),
    );

  describe('of what was decided', () => {
    it('counts from the oldest decision that the topic still holds', async () => {
      await settle();
      const answer = await decided();
      expect(answer.decisions).toEqual(byOutcome(decisions.slice(0, 200)));
      expect(answer.counted?.firstDay).toBe(
        decisions
          .slice(0, 200)
          .map(({ decidedAt }) => decidedAt.slice(0, 10))
          .toSorted()[0],
      );
    });

    it('goes on with what is decided then, and counts no event twice, be it published twice or read again from the start', async () => {
      await announce(decisions.slice(200));
      await announce(decisions.slice(200));
      await settle();
      const before = await decided();
      expect(before.decisions).toEqual(byOutcome(decisions));
      await trainer.close();
      await sql`update trainer.position set next = 1`.execute(database.forService('trainer'));
      trainer = await start();
      await settle();
      expect(await decided()).toEqual(before);
    });

    it('is the same from two replicas that meet at the same events', async () => {
      const before = await decided();
      const second = await start();
      const more = drawDecisions(600, 9).map((one) => ({ ...one, applicationId: `B-${one.applicationId}` }));
      await announce(more);
      await settle();
      await second.close();
      const after = await decided();
      expect(after.applications).toBe(before.applications + more.length);
      expect(after.decisions).toEqual(byOutcome([...decisions, ...more]));
    });

    it('answers for days that are days, in their order', async () => {
      const inOctober = decisions.filter(({ decidedAt }) => decidedAt < '2026-10-08').length;
      expect((await decided('?to=2026-10-07')).applications).toBeGreaterThanOrEqual(inOctober);
      for (const [query, field] of [
        ['?from=yesterday', 'from'],
        ['?from=2026-10-09&to=2026-10-08', 'to'],
      ] as const) {
        const { status, body } = await call(`/portfolio/decided${query}`);
        expect([status, problemSchema.parse(body).problems?.map((one) => one.field)]).toEqual([400, [field]]);
      }
    });
  });

  describe('of past loans', () => {
    it('waits for a model', async () => {
      const { status, body } = await call('/portfolio/past-loans', { policy: inputs.policy });
      expect([status, problemSchema.parse(body).code]).toEqual([503, 'no-model']);
      await writeTable(
        artefactKeys.snapshot('s', snapshotFiles.applications),
        loans.map(({ applicationId, defaulted, creditAmount }) => ({ applicationId, defaulted, creditAmount })),
      );
      await writeJson(artefactKeys.snapshot('s', snapshotFiles.snapshot), inputs.snapshot);
      await promote(modelVersion, '2026-11-01T00:00:00.000Z', true);
    });

    it('counts every labelled row in the bin of its out-of-fold estimate', async () => {
      const { distribution, rows, defaulted, defaultRate, asOf } = await pastLoans(inputs.policy);
      expect([rows, defaulted]).toEqual([evidence.sample.rows, evidence.sample.defaulted]);
      expect(defaultRate.value).toBe(evidence.sample.defaultRate.value);
      expect(asOf).toBe(inputs.snapshot.asOf);
      for (const { lower, upper, ...counts } of distribution) {
        const here = loans.filter(({ probabilityOfDefault: pd }) => pd >= lower && (pd < upper || upper === 1));
        expect(counts).toEqual({
          repaid: here.filter((one) => one.defaulted === 0).length,
          defaulted: here.filter((one) => one.defaulted === 1).length,
        });
      }
      expect(distribution.reduce((sum, bin) => sum + bin.repaid + bin.defaulted, 0)).toBe(loans.length);
    });

    it('gives the deciles of the evidence, which are those of the rows', async () => {
      const { deciles } = await pastLoans(inputs.policy);
      expect(deciles).toEqual(evidence.discrimination.deciles);
      const sorted = loans.toSorted((a, b) => b.probabilityOfDefault - a.probabilityOfDefault);
      let from = 0;
      for (const { rows, minProbability, maxProbability, meanProbability, defaultRate } of deciles ?? []) {
        const own = sorted.slice(from, from + rows);
        from += rows;
        expect([own[0]?.probabilityOfDefault, own.at(-1)?.probabilityOfDefault]).toEqual([maxProbability, minProbability]);
        expect(meanProbability).toBeCloseTo(own.reduce((sum, one) => sum + one.probabilityOfDefault, 0) / rows, 12);
        // A tie at the edge shares its mean label between two deciles.
        expect(Math.abs(defaultRate.value * rows - own.filter((one) => one.defaulted === 1).length)).toBeLessThan(1.5);
      }
      expect(from).toBe(loans.length);
    });

    it('holds them against the policy in force: with rules where the evidence measured it, by the estimate alone where it is another', async () => {
      expect((await pastLoans(inputs.policy)).underPolicy).toEqual({ basis: 'rules-included', ...evidence.policyEffect.decisions });
      const another: Policy = { ...inputs.policy, decisionThreshold: 0.2, greyZone: { lower: 0.15, upper: 0.25 } };
      const group = (holds: (pd: number) => boolean) => {
        const own = loans.filter(({ probabilityOfDefault }) => holds(probabilityOfDefault));
        return {
          rows: own.length,
          share: own.length / loans.length,
          defaultRate: wilsonInterval(own.filter(({ defaulted }) => defaulted === 1).length, own.length),
        };
      };
      expect((await pastLoans(another)).underPolicy).toEqual({
        basis: 'estimate-alone',
        approved: group((pd) => pd < 0.15),
        referred: group((pd) => pd >= 0.15 && pd <= 0.25),
        declined: group((pd) => pd > 0.25),
      });
    });

    it('heeds that thresholds depend on amounts', async () => {
      const byAmount: Policy = {
        ...inputs.policy,
        greyZone: null,
        amountAwareCost: {
          amountField: 'creditAmount',
          lossGivenDefault: 0.6,
          marginRate: 0.05,
          averageAmount: 10_000,
          averageDefaultRate: 0.08,
          thresholdBounds: { lower: 0.01, upper: 0.5 },
        },
      };
      const { underPolicy } = await pastLoans(byAmount);
      const flat = (await pastLoans({ ...byAmount, amountAwareCost: null })).underPolicy;
      expect([underPolicy.basis, underPolicy.referred.rows]).toEqual(['estimate-alone', 0]);
      expect(underPolicy.approved.rows + underPolicy.declined.rows).toBe(loans.length);
      expect(underPolicy.approved.rows).not.toBe(flat.approved.rows);
    });

    it('follows the champion, and has no deciles where it brings no evidence', async () => {
      await promote('quick', '2026-11-02T00:00:00.000Z', false);
      expect(await pastLoans(inputs.policy)).toMatchObject({
        modelVersion: 'quick',
        rows: loans.length,
        deciles: null,
        underPolicy: { basis: 'estimate-alone' },
      });
    });
  });
});
