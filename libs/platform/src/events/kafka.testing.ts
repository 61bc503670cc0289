import { randomBytes } from 'node:crypto';
import type { BrokerSettings } from './broker.ts';

/** The broker that `KAFKA_BROKERS` names (as `npm run infra -- up` prints it), under a prefix of the spec's own; null where there is none, a failure in CI. */
export const findBroker = (): BrokerSettings | null => {
  const named = process.env['KAFKA_BROKERS'];
  if (named === undefined || named === '') {
    if (process.env['CI'] === 'true') throw new Error('KAFKA_BROKERS names no broker, and CI tests on a real one');
    return null;
  }
  return {
    brokers: named.split(','),
    clientId: 'spec',
    prefix: `spec-${randomBytes(4).toString('hex')}.`,
    tls: null,
    sasl: null,
    compression: 'none',
    partitions: 3,
    replication: 1,
    sessionTimeoutMs: 6_000,
  };
};
