import { trainingStudiesSchema } from '@lisible/contracts';
import type { TrainingRequest } from '@lisible/contracts';
import { isLoopback } from '@lisible/demo-issuer';
import { readEnvironment } from '@lisible/platform';
import type { LogLevel } from '@lisible/platform';
import { lenderNames } from '@lisible/trainer';
import { resolve } from 'node:path';
import { z } from 'zod';

/** The lender whose schema the synthetic population has. */
export const syntheticLender = 'home-credit';

/** What the standalone platform reads from the environment; nothing below `main.ts` and the two commands reads it again. */
const environmentSchema = z.object({
  LISIBLE_HOME: z.string().min(1).default('.lisible'),
  PORT: z.coerce.number().int().min(1).max(65_535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).optional(),
  LENDER: z.string().min(1).default(syntheticLender),
  SYNTHETIC_CLIENTS: z.coerce.number().int().min(1000).max(2_000_000).default(10_000),
  STUDIES: trainingStudiesSchema.default('full'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('warn'),
});

export interface Settings {
  /** State folder, absolute. */
  readonly home: string;
  readonly host: string;
  readonly port: number;
  /** Folder of raw tables, absolute; null generates a population. */
  readonly dataDir: string | null;
  /** Whose catalogue, tables and policy are used; see `libs/credit`. */
  readonly lender: string;
  readonly syntheticClients: number;
  /** Whether a training studies its model, or gives one without evidence, quicker. */
  readonly studies: TrainingRequest['studies'];
  readonly logLevel: LogLevel;
}

/** A start that cannot succeed; the message is one sentence with the way out. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** @throws EnvironmentError, StartError */
export const readSettings = (environment: Readonly<Record<string, string | undefined>> = process.env): Settings => {
  // An empty variable is one that was not set: `PORT= npm start`.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { LISIBLE_HOME, HOST, PORT, DATA_DIR, LENDER, SYNTHETIC_CLIENTS, STUDIES, LOG_LEVEL } = readEnvironment(environmentSchema, given);
  if (!isLoopback(HOST))
    throw new StartError('HOST is not a loopback address, and the demo sign-in asks for no password: leave HOST unset, or set it to 127.0.0.1.');
  if (!lenderNames.includes(LENDER)) throw new StartError(`LENDER is none of the lenders there are (${lenderNames.join(', ')}).`);
  return {
    home: fromWhereThePersonStands(LISIBLE_HOME, environment),
    host: HOST,
    port: PORT,
    dataDir: DATA_DIR === undefined ? null : fromWhereThePersonStands(DATA_DIR, environment),
    lender: LENDER,
    syntheticClients: SYNTHETIC_CLIENTS,
    studies: STUDIES,
    logLevel: LOG_LEVEL,
  };
};

/** npm runs scripts in the project's root; a relative path is meant from the folder npm was called in. */
export const fromWhereThePersonStands = (path: string, environment: Readonly<Record<string, string | undefined>> = process.env): string =>
  resolve(environment['INIT_CWD'] ?? process.cwd(), path);

/** `http://127.0.0.1:8080`, with brackets around an IPv6 address. */
export const originOf = ({ host, port }: Pick<Settings, 'host' | 'port'>): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
