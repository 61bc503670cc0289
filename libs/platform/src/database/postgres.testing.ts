import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/**
 * The server that `DATABASE_URL` names (as `npm run infra -- up` prints it), or null where there is none; in CI its absence is a failure.
 */
export const findPostgres = (): string | null => {
  const url = process.env['DATABASE_URL'];
  if (url !== undefined && url !== '') return url;
  if (process.env['CI'] === 'true') throw new Error('DATABASE_URL names no PostgreSQL, and CI tests on a real one');
  return null;
};

export interface SpecDatabase {
  readonly url: string;
  /** As the server's superuser, in the same database. */
  run(statement: string): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** A database of its own on the server. */
export const createSpecDatabase = async (server: string): Promise<SpecDatabase> => {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const asAdmin = async (url: string, statement: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end();
    }
  };
  await asAdmin(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    run: (statement) => asAdmin(url.href, statement),
    drop: async () => {
      await asAdmin(server, `drop database ${name} with (force)`);
    },
  };
};
