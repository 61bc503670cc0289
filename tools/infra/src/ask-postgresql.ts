import { Client } from 'pg';

/** The server's own version, such as `15.18`. @throws Error when it cannot be reached, refuses, or does not answer in time */
export async function askPostgresql(url: string, patienceMs = 5_000): Promise<string> {
  // The client would make up a host for anything else.
  if (!/^postgres(?:ql)?:\/\//.test(url) || !URL.canParse(url)) throw new Error('DATABASE_URL must begin with postgresql:// or postgres://');
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
    application_name: 'lisible-infra',
  });
  // A connection cut after an answer must not end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version.split(' ')[0] ?? 'unknown';
  } finally {
    await client.end().catch(() => undefined);
  }
}
