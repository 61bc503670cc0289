import type { ServiceName } from '@lisible/contracts';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ArtefactStore } from '../artefacts/artefact-store.ts';
import type { Clock } from '../clock.ts';
import type { Database, Migrations } from '../database/database.ts';
import type { Courier } from '../events/courier.ts';
import type { TableReader } from '../tables/table-reader.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** What a service exports: enough to start it anywhere. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly module: Type<unknown>;
  readonly migrations: Migrations;
  /** `internal` (default): every route but health and metrics asks for the internal bearer token. `none-here`: the module brings its own guard (gateway). */
  readonly authentication?: 'internal' | 'none-here';
  /** Last touches before it listens: plugins, static files, mounted handlers. */
  readonly configure?: (app: NestFastifyApplication) => Promise<void> | void;
}

/** The technology a service runs on. */
export interface PlatformPorts {
  readonly database: Database;
  readonly courier: Courier;
  readonly artefacts: ArtefactStore;
  readonly tables: TableReader;
  readonly clock: Clock;
  /** Shared by the gateway and the services it calls. */
  readonly internalToken: string;
  readonly logLevel: LogLevel;
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
  /** Stops fetching events, finishes the batch in hand, answers the requests in hand, then closes. */
  close(): Promise<void>;
}

/** Starts one service: migrations run forward, courier attached, HTTP listening. */
export const startService = (definition: ServiceDefinition, ports: PlatformPorts, listen: ListenOptions): Promise<RunningService> =>
  Promise.reject(new Error(`${definition.name} ${ports.logLevel} ${listen.port}`));
