import type { ServiceName } from '@lisible/contracts';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openFolderArtefacts } from '../artefacts/folder.artefacts.ts';
import { openRedisCache } from '../cache/redis.cache.ts';
import { systemClock } from '../clock.ts';
import { crashPointFromEnvironment, stallPointFromEnvironment } from '../crash-point.ts';
import { openPostgresDatabase } from '../database/postgres.database.ts';
import { toBrokerSettings } from '../events/broker-environment.ts';
import { createKafkaCourier } from '../events/kafka.courier.ts';
import { createLog } from '../service/log.ts';
import { startService } from '../service/service.ts';
import type { PlatformPorts, ServiceDefinition } from '../service/service.ts';
import { EnvironmentError, readEnvironment } from '../state/environment.ts';
import type { SpanExport } from '../trace/span-export.ts';
import { openDuckDbTables } from '../tables/duckdb.tables.ts';
import { processEnvironmentShape, recordsEnvironmentShape } from './process-environment.ts';
import type { ProcessEnvironment, RecordsEnvironment } from './process-environment.ts';

/** One service as a process of its own: what it reads from the environment beside what all do, and what it is then. */
export interface ServiceProcess<Shape extends z.ZodRawShape> {
  readonly name: ServiceName;
  /** Whether it has a schema in PostgreSQL and reads artefacts. */
  readonly keepsRecords: boolean;
  readonly environment: Shape;
  /** @throws RangeError or EnvironmentError where the environment asks for what there is not. */
  define(environment: z.infer<z.ZodObject<Shape>> & ProcessEnvironment): ServiceDefinition;
}

/** Everything that a service's process reads from its environment. */
export const environmentSchemaOf = (service: Pick<ServiceProcess<z.ZodRawShape>, 'keepsRecords' | 'environment'>) =>
  z.object({ ...processEnvironmentShape, ...(service.keepsRecords ? recordsEnvironmentShape : {}), ...service.environment });

/** A stop that takes longer is cut off: whoever runs the process would kill it soon. */
const stopWithinMs = 20_000;

/**
 * Runs a service until SIGTERM or SIGINT. Then: not ready any more → stops fetching → finishes the batch in hand → commits → leaves →
 * flushes the outbox → closes, and exits with 0; with 1 when the start fails, something breaks that nobody caught, or the stop takes
 * longer than 20 s. What is committed is whole in every case.
 */
export const runService = async <Shape extends z.ZodRawShape>(service: ServiceProcess<Shape>): Promise<void> => {
  const stop = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.resolve());
  try {
    const running = await openService(service);
    await stop.promise;
    setTimeout(() => {
      process.stderr.write(`${service.name} could not stop within ${stopWithinMs / 1000} s.\n`);
      process.exit(1);
    }, stopWithinMs).unref();
    await running.close();
    process.exit(0);
  } catch (error) {
    // Who set the environment wants the sentence; whoever looks for a defect wants the place.
    const isTheirs = error instanceof EnvironmentError || error instanceof RangeError;
    process.stderr.write(`${isTheirs ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  }
};

const openService = async <Shape extends z.ZodRawShape>(service: ServiceProcess<Shape>): Promise<{ close(): Promise<void> }> => {
  const { name, keepsRecords } = service;
  const own = readOwn(service);
  const common = own.common;
  const definition = service.define(own.all);
  const log = createLog(name, common.LOG_LEVEL);
  process.on('uncaughtExceptionMonitor', (error) => log.fatal({ err: error }, 'something broke that nobody caught'));

  const undo = new AsyncDisposableStack();
  try {
    const crashPoint = crashPointFromEnvironment();
    const records = keepsRecords ? own.records : null;
    const parts = records === null ? { database: null, artefacts: null, tables: null } : await openRecords(name, records, undo);
    const cache = records?.REDIS_URL === undefined ? null : openRedisCache(records.REDIS_URL, name, log);
    if (cache !== null) undo.defer(() => cache.close());
    const spans = await openSpans(name, common.OTEL_EXPORTER_OTLP_ENDPOINT);
    if (spans !== null) undo.defer(() => spans.close());
    const courier = createKafkaCourier({
      broker: toBrokerSettings(common, `lisible.${name}`),
      database: parts.database,
      clock: systemClock,
      instanceId: randomUUID(),
      crashPoint,
      stallPoint: stallPointFromEnvironment(),
    });
    // After the service, whose last batch goes to the outbox, and before the database, which holds it.
    undo.defer(() => courier.close());
    const ports: PlatformPorts = {
      ...parts,
      courier,
      clock: systemClock,
      internalToken: common.INTERNAL_TOKEN,
      logLevel: common.LOG_LEVEL,
      crashPoint,
      ...(cache === null ? {} : { cache }),
      ...(spans === null ? {} : { spans }),
    };
    const running = await startService(definition, ports, { host: common.HOST, port: common.PORT });
    undo.defer(() => running.close());
    const opened = undo.move();
    return { close: () => opened.disposeAsync() };
  } catch (error) {
    await undo.disposeAsync().catch(() => undefined);
    throw error;
  }
};

/** An empty variable is one that was not set. Everything that is wrong is told at once. */
const readOwn = <Shape extends z.ZodRawShape>(service: ServiceProcess<Shape>) => {
  const { keepsRecords, environment } = service;
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  readEnvironment(environmentSchemaOf(service), given);
  const common = readEnvironment(z.object(processEnvironmentShape), given);
  return {
    common,
    records: keepsRecords ? readEnvironment(z.object(recordsEnvironmentShape), given) : null,
    all: { ...common, ...readEnvironment(z.object(environment), given) },
  };
};

/** The packages of OpenTelemetry are read only where somebody wants spans. */
const openSpans = async (name: ServiceName, endpoint: string | undefined): Promise<SpanExport | null> => {
  if (endpoint === undefined) return null;
  const { openOtlpSpanExport } = await import('../trace/otlp.span-export.ts');
  return openOtlpSpanExport(endpoint, `lisible.${name}`);
};

const openRecords = async (name: ServiceName, environment: RecordsEnvironment, undo: AsyncDisposableStack) => {
  const database = openPostgresDatabase({
    url: environment.DATABASE_URL,
    applicationName: `lisible.${name}`,
    poolSize: environment.DATABASE_POOL_SIZE,
  });
  undo.defer(() => database.close());
  const tables = await openDuckDbTables();
  undo.defer(() => tables.close());
  return { database, tables, artefacts: await openFolderArtefacts(environment.ARTEFACTS_DIR, crashPointFromEnvironment()) };
};
