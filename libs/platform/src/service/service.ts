import type { ServiceName } from '@lisible/contracts';
import { Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { ArtefactStore } from '../artefacts/artefact-store.ts';
import type { Cache } from '../cache/cache.ts';
import { createInProcessCache } from '../cache/in-process.cache.ts';
import type { Clock } from '../clock.ts';
import type { CrashPoint } from '../crash-point.ts';
import type { Database, Migrations } from '../database/database.ts';
import { migratePlatformTables, migrateServiceTables } from '../database/migrations.ts';
import { Transactions } from '../database/transactions.ts';
import type { Courier } from '../events/courier.ts';
import { CourierTransport } from '../events/courier.transport.ts';
import type { TableReader } from '../tables/table-reader.ts';
import type { SpanExport } from '../trace/span-export.ts';
import { continueTrace, runInTrace } from '../trace/trace-context.ts';
import { ARTEFACTS, CACHE, CLOCK, COURIER_TRANSPORT, DATABASE, DATABASE_END, LOG, METRICS, STOP, TABLES, TRANSACTIONS } from '../tokens.ts';
import { correlationIdOf } from './correlation.ts';
import { InternalGuard } from './internal.guard.ts';
import { createLog, nestLog } from './log.ts';
import { Metrics } from './metrics.ts';
import { OperationsController } from './operations.controller.ts';
import type { DatabaseEnd, Stop } from './operations.controller.ts';
import { ProblemFilter } from './problem.filter.ts';
import { createRequestPipe } from './request.pipe.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** What a service exports: enough to start it anywhere. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly module: Type<unknown> | DynamicModule;
  readonly migrations: Migrations;
  /** `internal` (default): every route but health and metrics asks for the internal bearer token. `none-here`: the module brings its own guard (gateway). */
  readonly authentication?: 'internal' | 'none-here';
  /** Last touches before it listens: plugins, static files, mounted handlers. */
  readonly configure?: (app: NestFastifyApplication) => Promise<void> | void;
}

/** The technology a service runs on. */
export interface PlatformPorts {
  /** Null in a process that keeps no records (the gateway). */
  readonly database: Database | null;
  readonly courier: Courier;
  /** Null in a process that reads none (the gateway). */
  readonly artefacts: ArtefactStore | null;
  /** Null in a process that reads none (the gateway). */
  readonly tables: TableReader | null;
  readonly clock: Clock;
  /** Absent: the service remembers in its own process. */
  readonly cache?: Cache;
  /** Shared by the gateway and the services it calls. */
  readonly internalToken: string;
  readonly logLevel: LogLevel;
  readonly crashPoint?: CrashPoint;
  /** Absent: nobody wants spans. */
  readonly spans?: SpanExport | undefined;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface RunningService {
  readonly name: ServiceName;
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** Says that it is not ready any more, stops fetching events, finishes the batch in hand, answers the requests in hand, then closes. */
  close(): Promise<void>;
}

const bodyLimitBytes = 1024 * 1024;
/** Of answers that a service remembers in its own process. */
const maxRememberedBytes = 32 * 1024 * 1024;
/** How long open requests may take to end when the service closes; live streams are cut then. */
const closeGraceMs = 5_000;

@Module({})
class ServiceRoot {}

@Module({})
class PlatformModule {}

/** Starts one service: migrations run forward, courier attached, module started, handlers running, HTTP listening. */
export const startService = async (definition: ServiceDefinition, ports: PlatformPorts, listen: ListenOptions): Promise<RunningService> => {
  const { name } = definition;
  const { database, courier } = ports;
  if (database !== null) {
    await migratePlatformTables(database, name);
    await migrateServiceTables(database, name, definition.migrations);
  }

  const log = createLog(name, ports.logLevel);
  const metrics = new Metrics(name);
  const stop: Stop = { hasBegun: false };
  const transport = new CourierTransport({ service: name, courier, log, metrics: metrics.events, spans: ports.spans });
  const platform: DynamicModule = {
    module: PlatformModule,
    global: true,
    controllers: [OperationsController],
    providers: [
      { provide: COURIER_TRANSPORT, useValue: transport },
      { provide: DATABASE_END, useValue: watchEnd(database) },
      { provide: STOP, useValue: stop },
      ...provided(definition, ports, log, metrics),
    ],
    exports: [...(database === null ? [] : [DATABASE, TRANSACTIONS]), ARTEFACTS, TABLES, CLOCK, CACHE, METRICS, LOG],
  };
  const adapter = new FastifyAdapter({
    genReqId: ({ headers }: IncomingMessage) => {
      // Every request is on a trace from here on: the first of them, where its caller had none.
      headers['traceparent'] = continueTrace(headers['traceparent']);
      return correlationIdOf(headers);
    },
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
  });
  observeRequests(adapter, log, metrics, ports.spans);
  const app = await NestFactory.create<NestFastifyApplication>({ module: ServiceRoot, imports: [platform, definition.module] }, adapter, {
    logger: nestLog(log),
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalPipes(createRequestPipe());
  if (definition.authentication !== 'none-here') app.useGlobalGuards(new InternalGuard(ports.internalToken));

  try {
    app.connectMicroservice({ strategy: transport });
    await transport.attach();
    await definition.configure?.(app);
    await app.init();
    await app.startAllMicroservices();
    await app.listen(listen);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  log.info({ url }, 'listening');
  return { name, url, app, close: () => close(app, transport, stop) };
};

const watchEnd = (database: Database | null): DatabaseEnd => {
  const end = { hasCome: false };
  if (database === null) return end;
  const watch = async (): Promise<void> => {
    await database.ended;
    end.hasCome = true;
  };
  void watch();
  return end;
};

const provided = (definition: ServiceDefinition, ports: PlatformPorts, log: Logger, metrics: Metrics) => {
  const { database, courier, clock, crashPoint } = ports;
  const service = definition.name;
  return [
    ...(database === null
      ? []
      : [
          { provide: DATABASE, useValue: database.forService<unknown>(service) },
          {
            provide: TRANSACTIONS,
            useValue: new Transactions<unknown>({ service, database, courier, clock, ...(crashPoint === undefined ? {} : { crashPoint }) }),
          },
        ]),
    { provide: ARTEFACTS, useValue: ports.artefacts },
    { provide: TABLES, useValue: ports.tables },
    { provide: CLOCK, useValue: clock },
    { provide: CACHE, useValue: ports.cache ?? createInProcessCache(clock, maxRememberedBytes) },
    { provide: METRICS, useValue: metrics },
    { provide: LOG, useValue: log },
  ];
};

/** One log line and one observation a request: method, route pattern and status, never the address with its search words. */
const observeRequests = (adapter: FastifyAdapter, log: Logger, metrics: Metrics, spans: SpanExport | undefined): void => {
  const server = adapter.getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-correlation-id', request.id);
    runInTrace(continueTrace(request.headers['traceparent']), done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method, id: correlationId, params } = request;
    const { statusCode: status, elapsedTime } = reply;
    metrics.requests.observe({ method, route, status }, elapsedTime / 1000);
    const fields = { correlationId, method, route, params, status, durationMs: Math.round(elapsedTime * 10) / 10 };
    if (route.startsWith('/health') || route === '/metrics') log.trace(fields, 'request');
    else {
      log.info(fields, 'request');
      spans?.record({
        name: `${method} ${route}`,
        kind: 'server',
        traceparent: request.headers['traceparent'],
        durationMs: elapsedTime,
        isError: status >= 500,
        attributes: {
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
          'lisible.correlation_id': correlationId,
        },
      });
    }
    done();
  });
};

const close = async (app: NestFastifyApplication, transport: CourierTransport, stop: Stop): Promise<void> => {
  stop.hasBegun = true;
  await transport.close();
  const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), closeGraceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
};
