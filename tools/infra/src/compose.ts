import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { InfraRecord } from './infra-record.ts';
import type { Environment, PartName } from './parts.ts';

const composeFile = fileURLToPath(new URL('../compose.infra.yaml', import.meta.url));

/** Runs `docker` with these words; rejects when it fails or is not there. */
export type RunDocker = (words: readonly string[], environment: Environment, patienceMs: number) => Promise<void>;

export const runDocker: RunDocker = async (words, environment, patienceMs) => {
  await promisify(execFile)('docker', words, { env: { ...environment }, timeout: patienceMs, maxBuffer: 16e6 });
};

/** True where a Docker engine answers and its client has Compose; a client alone is not enough. */
export async function hasComposeEngine(run: RunDocker, environment: Environment): Promise<boolean> {
  try {
    await run(['compose', 'version'], environment, 10_000);
    await run(['info', '--format', '{{.ServerVersion}}'], environment, 10_000);
    return true;
  } catch {
    return false;
  }
}

/** One project for each state folder, so that two checkouts do not take each other's containers. */
const project = (folder: string): string => `lisible-infra-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;

const compose = (run: RunDocker, folder: string, record: InfraRecord, environment: Environment, words: readonly string[]): Promise<void> =>
  run(
    ['compose', '--file', composeFile, '--project-name', project(folder), ...words],
    {
      ...environment,
      KAFKA_PORT: String(record.ports.kafka),
      POSTGRESQL_PORT: String(record.ports.postgresql),
      POSTGRESQL_PASSWORD: record.postgresqlPassword,
      REDIS_PORT: String(record.ports.redis),
    },
    // Images may have to be fetched first.
    600_000,
  );

/** Starts the containers of these parts; does nothing for those that run. */
export const composeUp = (run: RunDocker, folder: string, record: InfraRecord, environment: Environment, parts: readonly PartName[]): Promise<void> =>
  compose(run, folder, record, environment, ['up', '--detach', ...parts]);

/** Ends and removes this project's containers, with their data when asked to. */
export const composeDown = (run: RunDocker, folder: string, record: InfraRecord, environment: Environment, withData: boolean): Promise<void> =>
  compose(run, folder, record, environment, ['down', ...(withData ? ['--volumes'] : [])]);
