import { clientProfileService } from '@lisible/client-profile';
import type { ServiceName } from '@lisible/contracts';
import { explainerService } from '@lisible/explainer';
import {
  migratePlatformTables,
  migrateServiceTables,
  openEmbeddedDatabase,
  openPostgresDatabase,
  platformMigrations,
  revertPlatformTables,
  revertServiceTables,
  schemaOf,
} from '@lisible/platform';
import type { Database, Migrations } from '@lisible/platform';
import { scoringService } from '@lisible/scoring';
import { trainerService } from '@lisible/trainer';
import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const services = [clientProfileService('home-credit'), scoringService, explainerService('home-credit'), trainerService('home-credit')];
/** The platform's own, as if they were those of the one service that keeps no records. */
const all = [{ name: 'gateway' as const, migrations: platformMigrations }, ...services];

interface Opened {
  readonly database: Database;
  remove(): Promise<void>;
}

const openEmbedded = async (): Promise<Opened> => {
  const folder = await mkdtemp(join(tmpdir(), 'lisible-migrations-'));
  return { database: await openEmbeddedDatabase(folder), remove: () => rm(folder, { recursive: true }) };
};

const server = process.env['DATABASE_URL'] ?? '';
if (server === '' && process.env['CI'] === 'true') throw new Error('DATABASE_URL names no PostgreSQL, and CI tests on a real one');
if (server === '') console.warn('MIGRATIONS WERE NOT TESTED ON POSTGRESQL: DATABASE_URL names none (npm run infra -- up).');

const openReal = async (): Promise<Opened> => {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const admin = openPostgresDatabase({ url: server, applicationName: 'spec', statementTimeoutMs: 60_000 });
  const asAdmin = (statement: string): Promise<unknown> => sql.raw(statement).execute(admin.forService('trainer'));
  await asAdmin(`create database ${name}`);
  return {
    database: openPostgresDatabase({ url: url.href, applicationName: 'spec' }),
    remove: async () => {
      await asAdmin(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
};

/** All that a schema holds, in words: tables with options, columns with type and storage, constraints, indexes, sequences. */
const readCatalogue = async (database: Database, service: ServiceName): Promise<readonly string[]> => {
  const { rows } = await sql<{ line: string }>`
    with own as (select c.* from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${schemaOf(service)})
    select concat_ws(' ', 'relation', relname, relkind, reloptions::text) as line from own
    union all
    select concat_ws(' ', 'column', relname, attname, format_type(atttypid, atttypmod), attnotnull, attstorage,
                     attcollation::regcollation, pg_get_expr(adbin, adrelid))
      from own join pg_attribute on attrelid = own.oid and attnum > 0 and not attisdropped
               left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where relkind = 'r'
    union all
    select concat_ws(' ', 'constraint', relname, conname, pg_get_constraintdef(pg_constraint.oid)) from own join pg_constraint on conrelid = own.oid
    union all
    select concat_ws(' ', 'index', pg_get_indexdef(oid)) from own where relkind = 'i'
    order by line`.execute(database.forService('trainer'));
  return rows.map(({ line }) => line);
};

const firstOf = (migrations: Migrations, count: number): Migrations =>
  Object.fromEntries(
    Object.entries(migrations)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, count),
  );

const databases = [['the embedded database', openEmbedded] as const, ...(server === '' ? [] : [['PostgreSQL', openReal] as const])];

describe.each(databases)('migrations on %s', (_, open) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  }, 120_000);
  afterAll(async () => {
    await opened.database.close();
    await opened.remove();
  });

  it.each(all.map(({ name, migrations }) => [name, migrations] as const))(
    'of %s go back step by step the way they came, and forward again to the same tables',
    async (name, migrations) => {
      const { database } = opened;
      const catalogue = (): Promise<readonly string[]> => readCatalogue(database, name);
      const steps = Object.keys(migrations).length;
      const forward: (readonly string[])[] = [];
      for (let step = 1; step <= steps; step += 1) {
        await migrateServiceTables(database, name, firstOf(migrations, step));
        forward.push(await catalogue());
      }
      expect(new Set(forward.map((lines) => lines.join('\n'))).size).toBe(steps);

      for (const before of forward.slice(0, -1).toReversed()) {
        await revertServiceTables(database, name, migrations, 1);
        expect(await catalogue()).toEqual(before);
      }
      await revertServiceTables(database, name, migrations);
      expect(await catalogue()).toEqual([]);

      await migrateServiceTables(database, name, migrations);
      expect(await catalogue()).toEqual(forward.at(-1));
    },
    120_000,
  );

  it('of a service leave the platform’s tables beside them alone, and the other way round', async () => {
    const { database } = opened;
    const { name, migrations } = scoringService;
    const catalogue = (): Promise<readonly string[]> => readCatalogue(database, name);
    const own = await catalogue();
    await migratePlatformTables(database, name);
    const both = await catalogue();
    await revertPlatformTables(database, name, 1);
    await revertPlatformTables(database, name);
    expect(await catalogue()).toEqual(own);
    await migratePlatformTables(database, name);
    expect(await catalogue()).toEqual(both);
    await revertServiceTables(database, name, migrations);
    expect(await catalogue()).toEqual(both.filter((line) => !own.includes(line)));
  });

  it('leave everything as it is where one that ran is unknown', async () => {
    const { database } = opened;
    await migrateServiceTables(database, 'trainer', trainerService('home-credit').migrations);
    const before = await readCatalogue(database, 'trainer');
    await expect(revertServiceTables(database, 'trainer', {})).rejects.toThrow('0002-portfolio of trainer cannot be taken back');
    expect(await readCatalogue(database, 'trainer')).toEqual(before);
  });
});
