import { metricNames, problemSchema, topics } from '@lisible/contracts';
import type { PopulationSnapshotPublished } from '@lisible/contracts';
import { Body, Controller, Get, HttpCode, Inject, Module, Param, Post, Query } from '@nestjs/common';
import { sql } from 'kysely';
import type { Generated } from 'kysely';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import {
  RejectedError,
  READINESS,
  SharedSubscription,
  StateFolderError,
  TRANSACTIONS,
  TransientError,
  Transactions,
  createEmbeddedCourier,
  openDuckDbTables,
  openEmbeddedDatabase,
  openFolderArtefacts,
  startService,
  systemClock,
} from '../index.ts';
import type {
  CommitHalf,
  Database,
  DuckDbTables,
  EmbeddedCourier,
  EventBatch,
  Migrations,
  PlatformPorts,
  RunningService,
  ServiceDefinition,
} from '../index.ts';
import { migratePlatformTables } from '../database/migrations.ts';

interface NoteTables {
  readonly note: { readonly nth: Generated<number>; readonly snapshot_id: string };
}

const noteSchema = z.object({ snapshotId: z.string(), rows: z.number() });
const migrations: Migrations = {
  '0001-note': {
    up: async (db) => {
      await db.schema
        .createTable('note')
        .addColumn('nth', 'bigserial')
        .addColumn('snapshot_id', 'text', (column) => column.primaryKey())
        .execute();
    },
  },
};

/** A request that lasts until it is let go. */
const slow = { entered: Promise.withResolvers<void>(), letGo: Promise.withResolvers<void>() };

@Controller()
class NotesController {
  constructor(@Inject(TRANSACTIONS) private readonly transactions: Transactions<NoteTables>) {}

  @Post('notes')
  @HttpCode(202)
  async write(@Body({ schema: noteSchema }) body: z.infer<typeof noteSchema>): Promise<{ snapshotId: string }> {
    await this.transactions.run((unit) => unit.sql.insertInto('note').values({ snapshot_id: body.snapshotId }).execute());
    return { snapshotId: body.snapshotId };
  }

  @Get('notes')
  list(@Query({ schema: z.object({ page: z.coerce.number().default(1) }) }) query: { page: number }): { page: number } {
    return query;
  }

  @Get('slow')
  async answerSlowly(): Promise<{ answer: number }> {
    slow.entered.resolve();
    await slow.letGo.promise;
    return { answer: 42 };
  }

  @Get('errors/:kind')
  fail(@Param('kind') kind: string): never {
    if (kind === 'rejected')
      throw new RejectedError('client-not-found', { fr: 'Le client 7 n’existe pas.', en: 'Client 7 does not exist.' }, [
        { field: 'clientId', code: 'unknown', message: { fr: 'inconnu', en: 'unknown' } },
      ]);
    if (kind === 'no-model') throw new TransientError('no-model', { fr: 'Aucun modèle.', en: 'No model.' });
    if (kind === 'unavailable') throw new TransientError('service-unavailable', { fr: 'secret', en: 'secret' });
    throw new TypeError('secret words of a bug');
  }

  @SharedSubscription(topics.populationSnapshotPublished)
  snapshotPublished({ events }: EventBatch<PopulationSnapshotPublished>): Promise<CommitHalf<NoteTables>> {
    return Promise.resolve(async (unit) => {
      for (const event of events.filter((one) => unit.isNew(one)))
        await unit.sql.insertInto('note').values({ snapshot_id: event.data.snapshotId }).execute();
    });
  }
}

@Module({
  controllers: [NotesController],
  providers: [{ provide: READINESS, useValue: { check: () => Promise.resolve({ isReady: false, detail: 'no-model' }) } }],
  exports: [READINESS],
})
class NotesModule {}

@Module({ controllers: [NotesController] })
class NotesWithoutProbeModule {}

const definition: ServiceDefinition = { name: 'client-profile', module: NotesModule, migrations };
const internalToken = 'the-token-of-this-test';
const authorization = `Bearer ${internalToken}`;

describe('a started service', () => {
  let folder: string;
  let database: Database;
  let courier: EmbeddedCourier;
  let tables: DuckDbTables;
  let ports: PlatformPorts;
  let service: RunningService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-service-'));
    database = await openEmbeddedDatabase(folder);
    courier = createEmbeddedCourier({ database, clock: systemClock });
    tables = await openDuckDbTables();
    ports = {
      database,
      courier,
      tables,
      artefacts: await openFolderArtefacts(join(folder, 'artefacts')),
      clock: systemClock,
      internalToken,
      logLevel: 'silent',
    };
    service = await startService(definition, ports, { host: '127.0.0.1', port: 0 });
  }, 60_000);

  afterAll(async () => {
    await service?.close();
    await courier?.close();
    await tables?.close();
    await database?.close();
    await rm(folder, { recursive: true });
  });

  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${service.url}${path}`, { ...init, headers: { authorization, 'content-type': 'application/json', ...init.headers } });
  const askProblem = async (path: string, init: RequestInit = {}) => {
    const response = await ask(path, init);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const problem = problemSchema.parse(await response.json());
    expect(problem.status).toBe(response.status);
    expect(problem.correlationId).toBe(response.headers.get('x-correlation-id'));
    return problem;
  };
  const notes = async (): Promise<readonly string[]> =>
    (await database.forService<NoteTables>('client-profile').selectFrom('note').select('snapshot_id').orderBy('nth').execute()).map(
      (row) => row.snapshot_id,
    );

  it('asks for the internal token everywhere but at health and metrics', async () => {
    for (const token of ['', 'Bearer', 'Bearer wrong', `Basic ${internalToken}`, `Bearer ${internalToken} `.replace(/ $/, 'x')]) {
      expect(await askProblem('/notes', { headers: { authorization: token } })).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
    expect((await ask('/health/live', { headers: { authorization: '' } })).status).toBe(200);
    expect((await ask('/metrics', { headers: { authorization: '' } })).status).toBe(200);
  });

  it('answers a rejected request in the language asked for, French first', async () => {
    expect(await askProblem('/errors/rejected')).toMatchObject({
      status: 404,
      code: 'client-not-found',
      title: 'Ce client n’existe pas.',
      detail: 'Le client 7 n’existe pas.',
      problems: [{ field: 'clientId', code: 'unknown', message: 'inconnu' }],
    });
    for (const [header, detail] of [
      ['en', 'Client 7 does not exist.'],
      ['en-GB, fr;q=0.8', 'Client 7 does not exist.'],
      ['fr;q=0.5, en;q=0.9', 'Client 7 does not exist.'],
      ['en;q=0.5, fr', 'Le client 7 n’existe pas.'],
      ['de, en;q=0.1', 'Client 7 does not exist.'],
      ['de', 'Le client 7 n’existe pas.'],
      ['*', 'Le client 7 n’existe pas.'],
    ] as const) {
      expect(await askProblem('/errors/rejected', { headers: { 'accept-language': header } })).toMatchObject({ detail });
    }
  });

  it('says of a 5xx nothing but its code, except that there is no model', async () => {
    expect(await askProblem('/errors/no-model', { headers: { 'accept-language': 'en' } })).toMatchObject({
      status: 503,
      code: 'no-model',
      detail: 'No model.',
    });
    for (const [kind, status, code] of [
      ['unavailable', 503, 'service-unavailable'],
      ['bug', 500, 'internal'],
    ] as const) {
      const problem = await askProblem(`/errors/${kind}`);
      expect(problem).toMatchObject({ status, code });
      expect(JSON.stringify(problem)).not.toContain('secret');
      expect(Object.keys(problem).sort()).toEqual(['code', 'correlationId', 'status', 'title', 'type']);
    }
  });

  it('names everything that is wrong with a body at once and echoes no value', async () => {
    const problem = await askProblem('/notes', { method: 'POST', body: JSON.stringify({ rows: 'confidential' }) });
    expect(problem).toMatchObject({ status: 400, code: 'request-invalid' });
    expect(problem.problems?.map(({ field }) => field)).toEqual(['snapshotId', 'rows']);
    expect(JSON.stringify(problem)).not.toContain('confidential');
  });

  it('answers malformed JSON, unknown addresses, other media types and huge bodies in the same shape', async () => {
    expect(await askProblem('/notes', { method: 'POST', body: '{"snapshotId": ' })).toMatchObject({ status: 400, code: 'request-invalid' });
    expect(await askProblem('/nowhere')).toMatchObject({ status: 404, code: 'route-not-found' });
    expect(await askProblem('/notes', { method: 'POST', body: 'x', headers: { 'content-type': 'text/csv' } })).toMatchObject({
      status: 415,
      code: 'request-invalid',
    });
    expect(await askProblem('/notes', { method: 'POST', body: JSON.stringify({ snapshotId: 'x'.repeat(2_000_000) }) })).toMatchObject({
      status: 413,
      code: 'request-too-large',
    });
  });

  it('passes parsed values on to the handler', async () => {
    expect(await (await ask('/notes?page=3')).json()).toEqual({ page: 3 });
    expect(await (await ask('/notes')).json()).toEqual({ page: 1 });
  });

  it('takes the correlation id from the caller or from the trace, and only when it is well formed', async () => {
    const idFor = async (headers: Record<string, string>) => (await ask('/notes', { headers })).headers.get('x-correlation-id');
    expect(await idFor({ 'x-correlation-id': 'call-7' })).toBe('call-7');
    expect(await idFor({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' })).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    // Not well formed: the id of the trace that begins here.
    expect(await idFor({ 'x-correlation-id': 'a b"c' })).toMatch(/^[0-9a-f]{32}$/);
  });

  it('reports readiness by the probe of its module', async () => {
    const response = await ask('/health/ready');
    expect([response.status, await response.json()]).toEqual([503, { isReady: false, detail: 'no-model' }]);
  });

  it('handles events of another service and counts them without identifiers', async () => {
    await migratePlatformTables(database, 'trainer');
    const transactions = new Transactions({ service: 'trainer', database, courier, clock: systemClock });
    await transactions.run((unit) =>
      unit.emit(topics.populationSnapshotPublished, {
        subject: 's1',
        data: { snapshotId: 's1', labelledRows: 1, publishedAt: '2026-11-23T00:00:00.000Z' },
        cause: 'c',
      }),
    );
    while (!(await notes()).includes('s1')) await new Promise((resolve) => setImmediate(resolve));
    let metrics = '';
    while (!metrics.includes(metricNames.eventsHandledTotal + '{')) metrics = await (await ask('/metrics')).text();
    expect(metrics).toContain(
      `${metricNames.eventsHandledTotal}{topic="${topics.populationSnapshotPublished}",outcome="handled",service="client-profile"} 1`,
    );
    expect(metrics).toContain(`${metricNames.eventLagEvents}{topic="${topics.populationSnapshotPublished}",service="client-profile"} 0`);
    expect(metrics).toMatch(
      new RegExp(`${metricNames.httpRequestDurationSeconds}_count\\{service="client-profile",method="GET",route="/errors/:kind",status="404"`),
    );
    expect(metrics).not.toContain('/errors/rejected');
  });

  it('commits nothing of a command that fails, and tells a failed statement apart from a bug of the client', async () => {
    const write = (snapshotId: string) => ask('/notes', { method: 'POST', body: JSON.stringify({ snapshotId, rows: 1 }) });
    expect((await write('twice')).status).toBe(202);
    expect((await write('twice')).status).toBe(500);
    expect((await notes()).filter((note) => note === 'twice')).toHaveLength(1);
  });

  it('does not believe a transaction whose failed statement was swallowed', async () => {
    const transactions = new Transactions<NoteTables>({ service: 'client-profile', database, courier, clock: systemClock });
    const swallowing = transactions.run(async (unit) => {
      await unit.sql.insertInto('note').values({ snapshot_id: 'swallowed' }).execute();
      await sql`select * from nowhere`.execute(unit.sql).catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow();
    expect(await notes()).not.toContain('swallowed');
  });

  it('keeps the statements of others out of an open transaction', async () => {
    const transactions = new Transactions<NoteTables>({ service: 'client-profile', database, courier, clock: systemClock });
    let outside: Promise<readonly string[]> = Promise.resolve([]);
    await transactions
      .run(async (unit) => {
        await unit.sql.insertInto('note').values({ snapshot_id: 'uncommitted' }).execute();
        outside = notes();
        await unit.sql.selectFrom('note').selectAll().execute();
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(await outside).not.toContain('uncommitted');
  });

  it('refuses to start on tables that a newer version wrote', async () => {
    await expect(startService({ ...definition, migrations: {} }, ports, { host: '127.0.0.1', port: 0 })).rejects.toThrow('newer version (0001-note)');
  });

  it('is ready when it has no probe, and finishes the request in hand when it closes', async () => {
    const other = await startService({ name: 'explainer', module: NotesWithoutProbeModule, migrations, authentication: 'none-here' }, ports, {
      host: '127.0.0.1',
      port: 0,
    });
    expect((await fetch(`${other.url}/health/ready`)).status).toBe(200);
    const answer = fetch(`${other.url}/slow`);
    await slow.entered.promise;
    const closed = other.close();
    slow.letGo.resolve();
    expect(await (await answer).json()).toEqual({ answer: 42 });
    await closed;
    await expect(fetch(`${other.url}/notes`)).rejects.toThrow();
  });

  it('says in one sentence, with the way out, that the records are damaged', async () => {
    const damaged = join(folder, 'damaged');
    await cp(join(folder, 'records'), join(damaged, 'records'), { recursive: true });
    await writeFile(join(damaged, 'records', 'global', 'pg_control'), '');
    const opening = openEmbeddedDatabase(damaged);
    await expect(opening).rejects.toBeInstanceOf(StateFolderError);
    await expect(opening).rejects.toThrow(/damaged and cannot be opened: put a copy of that folder back, or move it away/);
  });
});
