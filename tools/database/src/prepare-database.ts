import type { ServiceName } from '@lisible/contracts';
import { serviceNames } from '@lisible/contracts';
import { schemaOf } from '@lisible/platform';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** The services that keep records. */
export type RecordKeeper = Exclude<ServiceName, 'gateway'>;

/** One installation at a time prepares a database; the number says nothing. */
const turnLock = 7_203_114;

const recordKeepers = serviceNames.filter((name): name is RecordKeeper => name !== 'gateway');

/**
 * Gives each service that keeps records a schema and a role of its own in the database that `adminUrl` names: the role owns its schema,
 * may connect, and may do nothing else anywhere. Run again, it changes nothing but the roles' passwords: to the given one, else to one
 * that is new at each run and stored nowhere. Roles belong to the whole server, so they are named after the database: `lisible_scoring`.
 * @param adminUrl a role that may create roles and schemas
 * @returns the address for each service's `DATABASE_URL`
 */
export const prepareDatabase = async (
  adminUrl: string,
  passwords: Readonly<Partial<Record<RecordKeeper, string | undefined>>> = {},
): Promise<Readonly<Record<RecordKeeper, string>>> => {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { database } = await one(admin.query<{ database: string }>('select current_database() as database'));
    await admin.query('begin');
    await admin.query('select pg_advisory_xact_lock($1)', [turnLock]);
    const inDatabase = admin.escapeIdentifier(database);
    await admin.query(`revoke all on database ${inDatabase} from public`);
    await admin.query('revoke all on schema public from public');
    const urls = new Map<RecordKeeper, string>();
    for (const service of recordKeepers) {
      const role = `${database}_${schemaOf(service)}`;
      const password = passwords[service] ?? randomBytes(24).toString('base64url');
      await giveRole(admin, role, password);
      const quotedRole = admin.escapeIdentifier(role);
      await admin.query(`grant connect on database ${inDatabase} to ${quotedRole}`);
      await admin.query(`create schema if not exists ${admin.escapeIdentifier(schemaOf(service))} authorization ${quotedRole}`);
      await admin.query(`alter schema ${admin.escapeIdentifier(schemaOf(service))} owner to ${quotedRole}`);
      urls.set(service, addressOf(adminUrl, role, password));
    }
    await admin.query('commit');
    return {
      'client-profile': get(urls, 'client-profile'),
      scoring: get(urls, 'scoring'),
      explainer: get(urls, 'explainer'),
      trainer: get(urls, 'trainer'),
    };
  } finally {
    await admin.end();
  }
};

const giveRole = async (admin: Client, role: string, password: string): Promise<void> => {
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
  const quoted = admin.escapeIdentifier(role);
  if (rowCount === 0) await admin.query(`create role ${quoted}`);
  const limits = 'login nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls';
  await admin.query(`alter role ${quoted} with ${limits} password ${admin.escapeLiteral(password)}`);
};

const addressOf = (adminUrl: string, role: string, password: string): string => {
  const address = new URL(adminUrl);
  address.username = encodeURIComponent(role);
  address.password = password;
  return address.href;
};

const get = (urls: ReadonlyMap<RecordKeeper, string>, service: RecordKeeper): string => {
  const url = urls.get(service);
  if (url === undefined) throw new Error(`${service} was given no role`);
  return url;
};

const one = async <Row>(answer: Promise<{ readonly rows: readonly Row[] }>): Promise<Row> => {
  const [row] = (await answer).rows;
  if (row === undefined) throw new Error('PostgreSQL answered no row');
  return row;
};
