import { EnvironmentError, readEnvironment } from '@lisible/platform';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { prepareDatabase } from './prepare-database.ts';

const usage = `npm run --silent database -- prepare [--json]
    a schema and a role of its own for each service, in the database that DATABASE_URL names as one who may create both
    (npm run infra -- up prints one). Prints the DATABASE_URL of each service; each run gives the roles new passwords.`;

const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
  if (positionals.join(' ') !== 'prepare') {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
    return;
  }
  const { DATABASE_URL } = readEnvironment(z.object({ DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }) }));
  const urls = await prepareDatabase(DATABASE_URL);
  if (values.json) process.stdout.write(`${JSON.stringify(urls)}\n`);
  else for (const [service, url] of Object.entries(urls)) process.stdout.write(`${service.replaceAll('-', '_').toUpperCase()}_DATABASE_URL=${url}\n`);
};

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof EnvironmentError ? message : `PostgreSQL could not be prepared: ${message}`}\n`);
  process.exitCode = 1;
});
