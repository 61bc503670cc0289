import { z } from 'zod';
import { EnvironmentError } from '../state/environment.ts';
import type { BrokerSettings } from './broker.ts';

const text = z.string().min(1).optional();

/** The variables that say where the broker is and how one speaks to it; a process spreads them into the schema of its environment. */
export const brokerEnvironmentShape = {
  /** `host:port`, with commas between several. */
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^,\s]+:\d+(,[^,\s]+:\d+)*$/)
    .transform((brokers) => brokers.split(',')),
  /** PEM file of the certificate authority; TLS is spoken where it is named. */
  KAFKA_TLS_CA_FILE: text,
  KAFKA_TLS_CERT_FILE: text,
  KAFKA_TLS_KEY_FILE: text,
  KAFKA_SASL_MECHANISM: z.enum(['scram-sha-256', 'scram-sha-512', 'oauthbearer']).optional(),
  /** For SCRAM. */
  KAFKA_USERNAME: text,
  KAFKA_PASSWORD: text,
  /** For OAUTHBEARER: client credentials are exchanged for tokens there. */
  KAFKA_TOKEN_URL: z.url().optional(),
  KAFKA_CLIENT_ID: text,
  KAFKA_CLIENT_SECRET: text,
  KAFKA_SCOPE: text,
  KAFKA_COMPRESSION: z.enum(['none', 'gzip', 'zstd']).default('none'),
  KAFKA_PARTITIONS: z.coerce.number().int().min(1).max(1000).default(6),
  KAFKA_REPLICATION: z.coerce.number().int().min(1).max(9).default(1),
  KAFKA_SESSION_TIMEOUT_MS: z.coerce.number().int().min(1_000).max(300_000).default(10_000),
  /** Stands before the names of topics and groups, where several installations share a cluster. */
  KAFKA_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]*$/)
    .default(''),
};

const brokerEnvironmentSchema = z.object(brokerEnvironmentShape);
export type BrokerEnvironment = z.infer<typeof brokerEnvironmentSchema>;

/** @throws EnvironmentError when the sign-in lacks a variable, naming it */
export const toBrokerSettings = (environment: BrokerEnvironment, clientId: string): BrokerSettings => ({
  brokers: environment.KAFKA_BROKERS,
  clientId,
  prefix: environment.KAFKA_PREFIX,
  tls:
    environment.KAFKA_TLS_CA_FILE === undefined
      ? null
      : {
          caFile: environment.KAFKA_TLS_CA_FILE,
          ...(environment.KAFKA_TLS_CERT_FILE === undefined ? {} : { certFile: environment.KAFKA_TLS_CERT_FILE }),
          ...(environment.KAFKA_TLS_KEY_FILE === undefined ? {} : { keyFile: environment.KAFKA_TLS_KEY_FILE }),
        },
  sasl: toSasl(environment),
  compression: environment.KAFKA_COMPRESSION,
  partitions: environment.KAFKA_PARTITIONS,
  replication: environment.KAFKA_REPLICATION,
  sessionTimeoutMs: environment.KAFKA_SESSION_TIMEOUT_MS,
});

const toSasl = (environment: BrokerEnvironment): BrokerSettings['sasl'] => {
  const mechanism = environment.KAFKA_SASL_MECHANISM;
  if (mechanism === undefined) return null;
  const need = (name: 'KAFKA_USERNAME' | 'KAFKA_PASSWORD' | 'KAFKA_TOKEN_URL' | 'KAFKA_CLIENT_ID' | 'KAFKA_CLIENT_SECRET'): string => {
    const value = environment[name];
    if (value === undefined) throw new EnvironmentError(`KAFKA_SASL_MECHANISM=${mechanism} needs ${name}: set it and start again.`);
    return value;
  };
  if (mechanism !== 'oauthbearer') return { mechanism, username: need('KAFKA_USERNAME'), password: need('KAFKA_PASSWORD') };
  return {
    mechanism,
    tokenUrl: need('KAFKA_TOKEN_URL'),
    clientId: need('KAFKA_CLIENT_ID'),
    clientSecret: need('KAFKA_CLIENT_SECRET'),
    ...(environment.KAFKA_SCOPE === undefined ? {} : { scope: environment.KAFKA_SCOPE }),
  };
};
