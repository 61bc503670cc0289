import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { isDatabaseUnavailable, openPostgresDatabase } from '../index.ts';
import type { Database, DatabaseSession } from '../index.ts';
import { lastStatement } from './last-statement.ts';
import { createSpecDatabase, findPostgres } from './postgres.testing.ts';
import type { SpecDatabase } from './postgres.testing.ts';

const server = findPostgres();
if (server === null) console.warn('POSTGRESQL WAS NOT TESTED: DATABASE_URL names none (npm run infra -- up).');
const whereThereIsOne = server === null ? describe.skip : describe;

whereThereIsOne('records on PostgreSQL', () => {
  let spec: SpecDatabase;
  let database: Database;
  let db: Kysely<object>;

  beforeAll(async () => {
    spec = await createSpecDatabase(server ?? '');
    await spec.run('create table noted (a integer primary key)');
  });
  beforeEach(() => {
    database = openPostgresDatabase({ url: spec.url, applicationName: 'lisible-spec', poolSize: 2, statementTimeoutMs: 1_000, lockTimeoutMs: 200 });
    db = database.forService<object>('scoring');
  });
  afterEach(() => database.close());
  afterAll(() => spec.drop());

  const ask = (): Promise<unknown> => sql`select 1`.execute(db);
  const cutAll = (): Promise<unknown> => spec.run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lisible-spec'");
  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (error: unknown) => error,
    );
  const openSession = async (): Promise<DatabaseSession> => {
    const session = await database.session?.('scoring');
    if (session === undefined) throw new Error('no session');
    return session;
  };

  it('counts a connection that is cut in the middle as passing, and heals by itself', async () => {
    await ask();
    // Longer than a busy machine takes to cut it.
    const patient = openPostgresDatabase({ url: spec.url, applicationName: 'lisible-spec', statementTimeoutMs: 60_000 });
    const cut = failureOf(sql`select pg_sleep(50)`.execute(patient.forService('scoring')));
    while ((await spec.run("select 1 from pg_stat_activity where application_name = 'lisible-spec' and query like '%pg_sleep%'")).length === 0);
    await cutAll();
    const error = await cut;
    expect(error).not.toBeNull();
    expect(isDatabaseUnavailable(error)).toBe(true);
    await sql`select 1`.execute(patient.forService('scoring'));
    await patient.close();
  });

  it('heals after its idle connections were cut', async () => {
    await Promise.all([ask(), ask()]);
    await cutAll();
    // Whoever gets a cut connection before its end was heard of is told to come again.
    for (let tries = 0; tries < 3; tries += 1) {
      const error = await failureOf(ask());
      if (error !== null) expect(isDatabaseUnavailable(error)).toBe(true);
    }
    expect(await failureOf(ask())).toBeNull();
  });

  it('undoes a transaction whose connection is cut, and says that it may be tried again', async () => {
    const error = await failureOf(
      db.transaction().execute(async (transaction) => {
        await sql`insert into noted values (1)`.execute(transaction);
        await cutAll();
        await sql`insert into noted values (2)`.execute(transaction);
      }),
    );
    expect(isDatabaseUnavailable(error)).toBe(true);
    expect(await spec.run('select * from noted')).toEqual([]);
    await db.transaction().execute((transaction) => sql`insert into noted values (3) ${sql.raw(lastStatement)}`.execute(transaction));
    expect(await spec.run('delete from noted returning a')).toEqual([{ a: 3 }]);
  });

  it('cannot be reached where nobody listens, nor where the role or its password is refused', async () => {
    const wrongPassword = new URL(spec.url);
    wrongPassword.password = 'wrong';
    for (const url of ['postgresql://lisible:x@127.0.0.1:1/lisible', wrongPassword.href]) {
      const nowhere = openPostgresDatabase({ url, applicationName: 'lisible-spec' });
      const error = await failureOf(sql`select 1`.execute(nowhere.forService('scoring')));
      expect(isDatabaseUnavailable(error)).toBe(true);
      expect(String(error)).not.toContain('wrong');
      await nowhere.close();
    }
  });

  it('gives up a statement that takes too long and a lock that is not given, as passing', async () => {
    const slow = await failureOf(sql`select pg_sleep(5)`.execute(db));
    expect(slow).toMatchObject({ code: '57014' });
    await db.transaction().execute(async (transaction) => {
      await sql`lock table noted`.execute(transaction);
      const waiting = await failureOf(sql`insert into noted values (1)`.execute(db));
      expect(waiting).toMatchObject({ code: '55P03' });
      expect([slow, waiting].map(isDatabaseUnavailable)).toEqual([true, true]);
    });
  });

  it('sends BEGIN with the first statement and COMMIT with the last: a transaction of two statements waits twice', async () => {
    const between = await countRoundTrips(spec.url);
    const counted = openPostgresDatabase({ url: between.url, applicationName: 'lisible-spec' });
    const mine = counted.forService<object>('scoring');
    const write = (): Promise<void> =>
      mine.transaction().execute(async (transaction) => {
        await sql`select 1`.execute(transaction);
        await sql`select 2 ${sql.raw(lastStatement)}`.execute(transaction);
      });
    await write();
    const before = between.count();
    await write();
    expect(between.count() - before).toBe(2);
    await counted.close();
    between.close();
  });

  it('refuses a statement after the one that said it was the last', async () => {
    await expect(
      db.transaction().execute(async (transaction) => {
        await sql`select 1 ${sql.raw(lastStatement)}`.execute(transaction);
        await sql`insert into noted values (1)`.execute(transaction);
      }),
    ).rejects.toThrow('last of its transaction');
    expect(await spec.run('select * from noted')).toEqual([]);
  });

  it('gives a session of its own: locks last as long as it, notifications are heard, its end is told', async () => {
    const [session, rival] = [await openSession(), await openSession()];
    const tryLock = async (by: DatabaseSession): Promise<unknown> => (await sql`select pg_try_advisory_lock(7) as taken`.execute(by.db)).rows;
    expect([await tryLock(session), await tryLock(rival)]).toEqual([[{ taken: true }], [{ taken: false }]]);
    const heard: string[] = [];
    await session.listen('Spec “channel”', (payload) => heard.push(payload));
    await sql`select pg_notify('Spec “channel”', ${'here'})`.execute(db);
    await session.db.transaction().execute((transaction) => sql`select 1`.execute(transaction));
    while (heard.length === 0) await sql`select 1`.execute(session.db);
    expect(heard).toEqual(['here']);
    await cutAll();
    expect(isDatabaseUnavailable(await session.ended)).toBe(true);
    expect(isDatabaseUnavailable(await failureOf(tryLock(session)))).toBe(true);
    const heir = await openSession();
    expect(await tryLock(heir)).toEqual([{ taken: true }]);
    await heir.close();
    expect(await Promise.race([heir.ended, Promise.resolve('no end')])).toBe('no end');
  });

  it('answers nothing any more once it is closed', async () => {
    await ask();
    await database.close();
    expect(await failureOf(ask())).not.toBeNull();
  });
});

/** A way to the server on which each burst of bytes of the client is counted. */
const countRoundTrips = async (url: string): Promise<{ readonly url: string; count(): number; close(): void }> => {
  const target = new URL(url);
  const sockets: Socket[] = [];
  let bursts = 0;
  const between: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isOurTurn = true;
    client.on('data', (bytes) => {
      if (isOurTurn) bursts += 1;
      isOurTurn = false;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      isOurTurn = true;
      client.write(bytes);
    });
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    sockets.push(client, upstream);
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  const address = between.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const own = new URL(url);
  own.port = String(address.port);
  return {
    url: own.href,
    count: () => bursts,
    close: () => {
      between.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
