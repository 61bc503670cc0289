import { Module } from '@nestjs/common';
import { sql } from 'kysely';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  DatabaseEndedError,
  createEmbeddedCourier,
  openDuckDbTables,
  openEmbeddedDatabase,
  openFolderArtefacts,
  startService,
  systemClock,
} from '../index.ts';
import type { Database, EmbeddedCourier, ServiceDefinition } from '../index.ts';

@Module({})
class NothingModule {}

const definition: ServiceDefinition = { name: 'explainer', module: NothingModule, migrations: {} };
const listen = { host: '127.0.0.1', port: 0 };

describe('an embedded database that ends by itself', () => {
  let folder: string;
  let worker: Worker | null;
  let database: Database;
  const ask = (): Promise<unknown> => sql`select 1`.execute(database.forService<object>('explainer'));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-ended-'));
    database = await openEmbeddedDatabase(folder, (script, options) => (worker = new Worker(script, options)));
    await ask();
  }, 60_000);
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  it('says so when its worker is gone, and answers nothing any more', async () => {
    await worker?.terminate();
    const end = await database.ended;
    expect(end).toBeInstanceOf(DatabaseEndedError);
    expect(end.message).toMatch(/worker/);
    await expect(ask()).rejects.toBe(end);
  });

  it('counts a panic of PostgreSQL as its end: PGlite would go on and fail every statement', async () => {
    await rm(join(folder, 'records', 'global', 'pg_control'));
    const statement = sql`checkpoint`.execute(database.forService<object>('explainer'));
    await expect(statement).rejects.toBeInstanceOf(DatabaseEndedError);
    expect((await database.ended).message).toContain('pg_control');
  });

  it('goes on after a statement that merely failed', async () => {
    await expect(sql`select * from nowhere`.execute(database.forService<object>('explainer'))).rejects.toThrow('nowhere');
    await ask();
  });

  it('does not call a wanted close an end', async () => {
    await database.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await Promise.race([database.ended, Promise.resolve('no end')])).toBe('no end');
  });

  it('takes life and readiness from the service that stands on it, which still closes', async () => {
    const courier: EmbeddedCourier = createEmbeddedCourier({ database, clock: systemClock });
    const tables = await openDuckDbTables();
    const artefacts = await openFolderArtefacts(join(folder, 'artefacts'));
    const ports = { database, courier, tables, artefacts, clock: systemClock, internalToken: 'token', logLevel: 'silent' } as const;
    const service = await startService(definition, ports, listen);
    const health = async (): Promise<readonly number[]> =>
      Promise.all(['live', 'ready'].map(async (kind) => (await fetch(`${service.url}/health/${kind}`)).status));
    expect(await health()).toEqual([200, 200]);
    await worker?.terminate();
    expect(await health()).toEqual([503, 503]);
    await service.close();
    await courier.close();
    await tables.close();
  });
});
