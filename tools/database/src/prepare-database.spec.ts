import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { prepareDatabase } from './prepare-database.ts';

const server = process.env['DATABASE_URL'] ?? '';
if (server === '' && process.env['CI'] === 'true') throw new Error('DATABASE_URL names no PostgreSQL, and CI tests on a real one');
if (server === '') console.warn('ROLES WERE NOT TESTED: DATABASE_URL names no PostgreSQL (npm run infra -- up).');
const onPostgres = server === '' ? describe.skip : describe;

const ask = async (url: string, statement: string): Promise<readonly unknown[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};
const failureOf = async (url: string, statement: string): Promise<string | null> =>
  ask(url, statement).then(
    () => null,
    (error: { code?: string }) => error.code ?? 'no code',
  );

onPostgres('a database that is prepared', () => {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const admin = new URL(server || 'postgresql://nowhere');
  admin.pathname = `/${name}`;
  beforeAll(() => ask(server, `create database ${name}`), 30_000);
  afterAll(async () => {
    await ask(server, `drop database ${name} with (force)`);
    for (const service of ['client_profile', 'scoring', 'explainer', 'trainer']) await ask(server, `drop role if exists ${name}_${service}`);
  }, 30_000);

  it('lets each service do what it wants in its own schema and nothing in any other', async () => {
    const urls = await prepareDatabase(admin.href);
    await ask(urls.scoring, 'create table scoring.ledger (id int primary key)');
    await ask(urls.scoring, 'insert into scoring.ledger values (1)');
    const insufficientPrivilege = '42501';
    for (const statement of [
      'select * from scoring.ledger',
      'insert into scoring.ledger values (2)',
      'drop table scoring.ledger',
      'create table scoring.other (id int)',
      'create table public.other (id int)',
      'create schema other',
      'create role other',
      'create database other',
      `alter role ${name}_scoring with superuser`,
    ])
      expect([statement, await failureOf(urls.explainer, statement)]).toEqual([statement, insufficientPrivilege]);
  });

  it('takes a password that is given, so that a service finds its way after each preparation', async () => {
    const password = 'of-a-role-0123456789';
    const [first, second] = [await prepareDatabase(admin.href, { explainer: password }), await prepareDatabase(admin.href, { explainer: password })];
    expect(new URL(second.explainer).password).toBe(password);
    expect(await failureOf(first.explainer, 'select 1')).toBeNull();
    expect(await failureOf(first.trainer, 'select 1')).toBe('28P01');
  });

  it('keeps everything when it is prepared again, and gives new passwords', async () => {
    const before = await prepareDatabase(admin.href);
    const after = await prepareDatabase(admin.href);
    expect(await failureOf(before.scoring, 'select 1')).toBe('28P01');
    expect(await ask(after.scoring, 'select id from scoring.ledger')).toEqual([{ id: 1 }]);
  });
});
