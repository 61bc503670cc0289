import { z } from 'zod';
import { brokerEnvironmentShape } from '../events/broker-environment.ts';

/** What every service process reads from its environment; a service spreads what is its own beside it. */
export const processEnvironmentShape = {
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(1).max(65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Shared by the gateway and the services it calls. */
  INTERNAL_TOKEN: z.string().min(32),
  /** Base address of an OpenTelemetry collector (OTLP over HTTP); without it no span is made. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  ...brokerEnvironmentShape,
};

/** What a process that keeps records reads besides. */
export const recordsEnvironmentShape = {
  /** As the service's own role: `postgresql://lisible_scoring:…@host:5432/lisible`. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(100).default(4),
  /** Folder that all services share: models, snapshots, evidence. */
  ARTEFACTS_DIR: z.string().min(1),
  /** Where answers are remembered; without it in the process itself. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
};

/** What a service knows the lender's catalogue by. */
export const lenderEnvironmentShape = { LENDER: z.string().min(1).default('home-credit') };

const processEnvironmentSchema = z.object(processEnvironmentShape);
export type ProcessEnvironment = z.infer<typeof processEnvironmentSchema>;

const recordsEnvironmentSchema = z.object(recordsEnvironmentShape);
export type RecordsEnvironment = z.infer<typeof recordsEnvironmentSchema>;
