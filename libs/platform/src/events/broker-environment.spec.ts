import { z } from 'zod';
import { readEnvironment } from '../state/environment.ts';
import { brokerEnvironmentShape, toBrokerSettings } from './broker-environment.ts';

const settingsOf = (environment: Readonly<Record<string, string>>) =>
  toBrokerSettings(readEnvironment(z.object(brokerEnvironmentShape), environment), 'lisible.scoring');

describe('the broker in the environment', () => {
  it('needs an address alone', () => {
    expect(settingsOf({ KAFKA_BROKERS: 'a:9092,b:9093' })).toEqual({
      brokers: ['a:9092', 'b:9093'],
      clientId: 'lisible.scoring',
      prefix: '',
      tls: null,
      sasl: null,
      compression: 'none',
      partitions: 6,
      replication: 1,
      sessionTimeoutMs: 10_000,
    });
  });

  it('is spoken to by TLS, with a certificate of our own where one is named, and by password or token', () => {
    const tls = { KAFKA_BROKERS: 'a:9092', KAFKA_TLS_CA_FILE: '/ca.pem', KAFKA_TLS_CERT_FILE: '/c.pem', KAFKA_TLS_KEY_FILE: '/k.pem' };
    expect(settingsOf(tls).tls).toEqual({ caFile: '/ca.pem', certFile: '/c.pem', keyFile: '/k.pem' });
    const password = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_USERNAME: 'scoring', KAFKA_PASSWORD: 'secret' };
    expect(settingsOf({ ...tls, ...password }).sasl).toEqual({ mechanism: 'scram-sha-512', username: 'scoring', password: 'secret' });
    const token = {
      KAFKA_SASL_MECHANISM: 'oauthbearer',
      KAFKA_TOKEN_URL: 'https://id.example/token',
      KAFKA_CLIENT_ID: 'scoring',
      KAFKA_CLIENT_SECRET: 'secret',
      KAFKA_SCOPE: 'kafka',
    };
    expect(settingsOf({ ...tls, ...token }).sasl).toEqual({
      mechanism: 'oauthbearer',
      tokenUrl: 'https://id.example/token',
      clientId: 'scoring',
      clientSecret: 'secret',
      scope: 'kafka',
    });
  });

  it('names what is wrong or missing, and echoes no secret', () => {
    for (const [environment, named] of [
      [{ KAFKA_BROKERS: 'secret' }, 'KAFKA_BROKERS'],
      [{ KAFKA_BROKERS: 'a:1', KAFKA_COMPRESSION: 'secret' }, 'KAFKA_COMPRESSION'],
      [{ KAFKA_BROKERS: 'a:1', KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_USERNAME: 'secret' }, 'KAFKA_PASSWORD'],
      [{ KAFKA_BROKERS: 'a:1', KAFKA_SASL_MECHANISM: 'oauthbearer', KAFKA_CLIENT_SECRET: 'secret' }, 'KAFKA_TOKEN_URL'],
    ] as const) {
      expect(() => settingsOf(environment)).toThrow(named);
      expect(() => settingsOf(environment)).not.toThrow('secret');
    }
  });
});
