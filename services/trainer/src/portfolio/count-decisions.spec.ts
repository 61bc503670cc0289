import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { topics } from '@lisible/contracts';
import type { ApplicationDecided, DecidedPortfolio, EventEnvelope } from '@lisible/contracts';
import { migrateServiceTables, openEmbeddedDatabase, openPostgresDatabase } from '@lisible/platform';
import type { Database, UnitOfWork } from '@lisible/platform';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { drawDecisions } from '../../testing/decisions.ts';
import { migrations } from '../migrations.ts';
import type { TrainerTables } from '../registry-tables.ts';
import { CountDecisions } from './count-decisions.ts';
import { binOf, countOf, mergeCounts } from './portfolio-counts.ts';
import { ReadDecided } from './read-decided.ts';

interface Opened {
  readonly database: Database;
  close(): Promise<void>;
}

const openEmbedded = async (): Promise<Opened> => {
  const folder = await mkdtemp(join(tmpdir(), 'lisible-portfolio-'));
  const database = await openEmbeddedDatabase(folder);
  return { database, close: () => database.close().then(() => rm(folder, { recursive: true })) };
};

const server = process.env['DATABASE_URL'] ?? '';
if (server === '' && process.env['CI'] === 'true') throw new Error('DATABASE_URL names no PostgreSQL, and CI tests on a real one');

const openReal = async (): Promise<Opened> => {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const admin = openPostgresDatabase({ url: server, applicationName: 'spec', statementTimeoutMs: 60_000 });
  const asAdmin = (statement: string): Promise<unknown> => sql.raw(statement).execute(admin.forService('trainer'));
  await asAdmin(`create database ${name}`);
  const database = openPostgresDatabase({ url: url.href, applicationName: 'spec', poolSize: 6 });
  return {
    database,
    close: async () => {
      await database.close();
      await asAdmin(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
};

const eventOf = (data: ApplicationDecided): EventEnvelope<ApplicationDecided> => ({
  specversion: '1.0',
  id: data.applicationId,
  source: '/lisible/scoring',
  type: topics.applicationDecided,
  time: data.decidedAt,
  subject: data.applicationId,
  datacontenttype: 'application/json',
  dataschema: 's',
  data,
});

const batchesOf = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, batch) => all.slice(batch * size, (batch + 1) * size));

/** Counted one decision after another, by nothing of what is tested. */
const countByHand = (decisions: readonly ApplicationDecided[]) => {
  const count = (holds: (one: ApplicationDecided) => boolean): number => decisions.filter(holds).length;
  const outcomes = (holds: (one: ApplicationDecided) => boolean) => ({
    approved: count((one) => one.decision === 'approved' && holds(one)),
    referred: count((one) => one.decision === 'referred' && holds(one)),
    declined: count((one) => one.decision === 'declined' && holds(one)),
  });
  return { count, outcomes };
};

const expectCounted = (answer: DecidedPortfolio, decisions: readonly ApplicationDecided[]): void => {
  const { count, outcomes } = countByHand(decisions);
  expect(answer.applications).toBe(decisions.length);
  expect(answer.decisions).toEqual(outcomes(() => true));
  expect(answer.proposals).toEqual({
    approved: count(({ proposal }) => proposal === 'approved'),
    declined: count(({ proposal }) => proposal === 'declined'),
  });
  expect(answer.meanProbabilityOfDefault).toBeCloseTo(
    decisions.reduce((sum, { probabilityOfDefault }) => sum + probabilityOfDefault, 0) / decisions.length,
    12,
  );
  for (const { lower, upper, ...counts } of answer.distribution)
    expect(counts).toEqual(outcomes(({ probabilityOfDefault: pd }) => pd >= lower && (pd < upper || (pd === 1 && upper === 1))));
  expect(answer.distribution.reduce((sum, { approved, referred, declined }) => sum + approved + referred + declined, 0)).toBe(decisions.length);
  for (const { currency, applications, amount } of answer.requested) {
    const amounts = decisions.filter((one) => one.currency === currency).flatMap(({ features }) => features['creditAmount'] ?? []);
    expect([applications, amount]).toEqual([amounts.length, amounts.reduce((sum, one) => sum + one, 0)]);
  }
  for (const { modelVersion, applications } of answer.modelVersions) expect(applications).toBe(count((one) => one.modelVersion === modelVersion));
  for (const { policyVersion, applications } of answer.policyVersions) expect(applications).toBe(count((one) => one.policyVersion === policyVersion));
  for (const { firstDay, meanProbabilityOfDefault: _mean, ...counts } of answer.overTime.steps.filter(() => answer.overTime.step === 'day'))
    expect(counts).toEqual(outcomes(({ decidedAt }) => decidedAt.startsWith(firstDay)));
};

describe('counts of decisions', () => {
  it('put an estimate into the bin that it lies in', () => {
    expect([0, 0.0099, 0.01, 0.5, 0.999, 1].map(binOf)).toEqual([0, 0, 1, 50, 99, 99]);
  });

  it('merge to the same whatever is merged first, in one order', () => {
    const counts = drawDecisions(500).map(countOf);
    const atOnce = mergeCounts(counts);
    const inParts = mergeCounts(batchesOf(counts.toReversed(), 37).flatMap(mergeCounts));
    const exact = (merged: typeof atOnce) => merged.map(({ pd_sum: _sum, ...rest }) => rest);
    expect(exact(inParts)).toEqual(exact(atOnce));
    expect(atOnce.length).toBeLessThan(500);
    expect(atOnce.reduce((sum, { applications }) => sum + applications, 0)).toBe(500);
  });
});

describe.each([['the embedded database', openEmbedded] as const, ...(server === '' ? [] : [['PostgreSQL', openReal] as const])])(
  'counts of decisions in %s',
  (_where, open) => {
    let opened: Opened;
    let trainer: Kysely<TrainerTables>;
    let read: ReadDecided;
    const decisions = drawDecisions(900);

    const handle = async (batch: readonly ApplicationDecided[], isNew: (event: EventEnvelope) => boolean = () => true): Promise<void> => {
      const commit = new CountDecisions().prepare({ events: batch.map(eventOf) });
      await trainer.transaction().execute((transaction) => commit({ sql: transaction, isNew } as UnitOfWork<TrainerTables>));
    };

    beforeAll(async () => {
      opened = await open();
      trainer = opened.database.forService<TrainerTables>('trainer');
      read = new ReadDecided(trainer);
      await migrateServiceTables(opened.database, 'trainer', migrations);
    }, 120_000);
    afterAll(() => opened.close());
    beforeEach(() => trainer.deleteFrom('portfolio_count').execute());

    it('are nothing at first', async () => {
      expect(await read.execute({})).toMatchObject({
        counted: null,
        lastDecidedAt: null,
        applications: 0,
        meanProbabilityOfDefault: null,
        distribution: [],
        overTime: { step: 'day', steps: [] },
      });
    });

    it('are those of the events, counted one by one', async () => {
      for (const batch of batchesOf(decisions, 100)) await handle(batch);
      const answer = await read.execute({});
      expectCounted(answer, decisions);
      expect(answer.lastDecidedAt).toBe(new Date(Math.max(...decisions.map(({ decidedAt }) => Date.parse(decidedAt)))).toISOString());
      expect(answer.counted).toEqual({ firstDay: '2026-10-01', lastDay: '2026-11-09' });
      expect(answer.overTime.step).toBe('week');
      expect(answer.overTime.steps.map(({ firstDay }) => firstDay)).toEqual([
        '2026-09-28',
        '2026-10-05',
        '2026-10-12',
        '2026-10-19',
        '2026-10-26',
        '2026-11-02',
        '2026-11-09',
      ]);
    });

    it('are of the days and the model version that are asked for', async () => {
      await handle(decisions);
      const inOctober = decisions.filter(({ decidedAt }) => decidedAt >= '2026-10-10' && decidedAt < '2026-10-21');
      const answer = await read.execute({ from: '2026-10-10', to: '2026-10-20' });
      expectCounted(answer, inOctober);
      expect(answer.overTime.steps).toHaveLength(11);
      expect(answer.counted).toEqual({ firstDay: '2026-10-01', lastDay: '2026-11-09' });
      expectCounted(
        await read.execute({ modelVersion: 'v2' }),
        decisions.filter(({ modelVersion }) => modelVersion === 'v2'),
      );
      expect(await read.execute({ from: '2027-01-01' })).toMatchObject({ applications: 0, lastDecidedAt: null, overTime: { steps: [] } });
    });

    it('leave out what was handled before', async () => {
      await handle(decisions.slice(0, 60));
      const known = new Set(decisions.slice(0, 60).map(({ applicationId }) => applicationId));
      await handle(decisions.slice(30, 90), ({ id }) => !known.has(id));
      await handle(decisions.slice(0, 90), () => false);
      const answer = await read.execute({});
      expect(answer.applications).toBe(90);
      expectCounted(answer, decisions.slice(0, 90));
    });

    it('add up however many write the same ones at the same time, in whatever order theirs come', async () => {
      const some = decisions.slice(0, 100);
      const writers = Array.from({ length: 40 }, (_none, writer) => (writer % 2 === 0 ? some : some.toReversed()));
      await Promise.all(writers.map((batch) => handle(batch)));
      const answer = await read.execute({});
      expect(answer.applications).toBe(4000);
      expectCounted(answer, writers.flat());
    });
  },
);
