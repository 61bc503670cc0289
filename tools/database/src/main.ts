import { EnvironmentError, readEnvironment } from '@lisible/platform';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { prepareDatabase } from './prepare-database.ts';

const usage = `npm run --silent database -- prepare [--json | --quiet]
    a schema and a role of its own for each service, in the database that DATABASE_URL names as one who may create both
    (npm run infra -- up prints one). Prints the DATABASE_URL of each service. SCORING_DATABASE_PASSWORD and the like give a role
    its password; one that is not given is new at each run.`;

/** Goes into an address as it is. */
const password = z
  .string()
  .regex(/^[\w.~-]{16,}$/)
  .optional();

const preparationSchema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  CLIENT_PROFILE_DATABASE_PASSWORD: password,
  SCORING_DATABASE_PASSWORD: password,
  EXPLAINER_DATABASE_PASSWORD: password,
  TRAINER_DATABASE_PASSWORD: password,
});

const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, quiet: { type: 'boolean', default: false } },
  });
  if (positionals.join(' ') !== 'prepare') {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
    return;
  }
  const environment = readEnvironment(preparationSchema);
  const given = {
    'client-profile': environment.CLIENT_PROFILE_DATABASE_PASSWORD,
    scoring: environment.SCORING_DATABASE_PASSWORD,
    explainer: environment.EXPLAINER_DATABASE_PASSWORD,
    trainer: environment.TRAINER_DATABASE_PASSWORD,
  };
  const urls = await prepareDatabase(environment.DATABASE_URL, given);
  // Whoever gave the passwords knows the addresses, and a container's log is kept.
  if (values.quiet) return;
  if (values.json) process.stdout.write(`${JSON.stringify(urls)}\n`);
  else for (const [service, url] of Object.entries(urls)) process.stdout.write(`${service.replaceAll('-', '_').toUpperCase()}_DATABASE_URL=${url}\n`);
};

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof EnvironmentError ? message : `PostgreSQL could not be prepared: ${message}`}\n`);
  process.exitCode = 1;
});
