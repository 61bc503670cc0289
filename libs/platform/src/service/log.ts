import type { ServiceName } from '@lisible/contracts';
import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { Logger } from 'pino';
import type { LogLevel } from './service.ts';

/** A service's logger: JSON lines, identifiers only. What may hold a client's data is censored even if somebody logs it. */
export const createLog = (service: ServiceName, level: LogLevel): Logger =>
  pino({
    name: service,
    level,
    base: { service },
    redact: { paths: censored, censor: '…' },
    timestamp: pino.stdTimeFunctions.isoTime,
  });

const secrets = ['authorization', 'cookie', 'password', 'token', 'internalToken'];
const clientData = [
  'data',
  'fields',
  'features',
  'body',
  'application',
  'envelope',
  'displayName',
  'birthDate',
  'email',
  'phone',
  'address',
  'search',
];
const censored = [...secrets, ...clientData].flatMap((key) => [key, `*.${key}`]);

/** Nest's own lines through the same logger; its start-up chatter only at `debug`. */
export const nestLog = (log: Logger): LoggerService => ({
  log: (message: unknown, ...rest: unknown[]) => log.debug({ context: rest.at(-1) }, String(message)),
  error: (message: unknown, ...rest: unknown[]) =>
    log.error({ context: rest.at(-1), ...(message instanceof Error ? { err: message } : {}) }, String(message)),
  warn: (message: unknown, ...rest: unknown[]) => log.warn({ context: rest.at(-1) }, String(message)),
  debug: (message: unknown, ...rest: unknown[]) => log.debug({ context: rest.at(-1) }, String(message)),
  verbose: (message: unknown, ...rest: unknown[]) => log.trace({ context: rest.at(-1) }, String(message)),
});
