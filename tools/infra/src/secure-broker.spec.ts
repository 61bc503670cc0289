/** The platform's client on a broker that asks for TLS and a sign-in: SCRAM by password, OAUTHBEARER by a token. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaBroker, readRange } from '@lisible/platform';
import type { BrokerSettings } from '@lisible/platform';
import { askKafka } from './ask-kafka.ts';
import { createRecord, findLastingPort } from './infra-record.ts';
import { localKafka } from './kafka.local.ts';
import { findProgram } from './local-part.ts';

const missing = [...localKafka.findMissing(process.env), ...(findProgram('openssl', process.env) === null ? ['openssl'] : [])];
const isSkipped = missing.length > 0 && process.env['CI'] !== 'true';
if (isSkipped) console.warn(`A BROKER WITH TLS AND SIGN-IN WAS NOT TESTED: this machine lacks ${missing.join(', ')}.`);
const whereInstalled = isSkipped ? describe.skip : describe;

whereInstalled('a broker with TLS and sign-in', () => {
  let folder: string;
  let kafka: ChildProcess | undefined;
  let issuer: Server | undefined;
  let settings: BrokerSettings;
  let tokenPort = 0;
  const asked: { readonly authorization: string | undefined; readonly body: string }[] = [];

  const openssl = (...words: readonly string[]): void => void execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' });
  const scram = (mechanism: 'scram-sha-256' | 'scram-sha-512', password = 'alice-secret') => ({ mechanism, username: 'alice', password });
  const token = () => {
    const address = issuer?.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return {
      mechanism: 'oauthbearer',
      tokenUrl: `http://127.0.0.1:${port}/token`,
      clientId: 'lisible',
      clientSecret: 's:ec ret',
      scope: 'kafka',
    } as const;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lisible-secure-'));
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=spec');
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'broker.key', '-out', 'broker.csr', '-subj', '/CN=localhost');
    writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    openssl(...'x509 -req -in broker.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out broker.pem -days 2 -extfile names'.split(' '));
    openssl(...'pkcs12 -export -in broker.pem -inkey broker.key -out broker.p12 -passout pass:changeit'.split(' '));

    const record = await createRecord();
    const passwordPort = await findLastingPort(Object.values(record.ports));
    tokenPort = await findLastingPort([...Object.values(record.ports), passwordPort]);
    const command = await localKafka.prepare({ folder, record, environment: process.env, onStep: () => undefined });
    const plain = `PLAINTEXT://127.0.0.1:${record.ports.kafka}`;
    const secure = `PASSWORD://127.0.0.1:${passwordPort},TOKEN://127.0.0.1:${tokenPort}`;
    const login = 'org.apache.kafka.common.security';
    appendFileSync(
      join(folder, 'server.properties'),
      `listeners=${plain},${secure},CONTROLLER://127.0.0.1:${record.ports.kafkaController}
advertised.listeners=${plain},${secure}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PASSWORD:SASL_SSL,TOKEN:SASL_SSL
ssl.keystore.location=${join(folder, 'broker.p12')}
ssl.keystore.password=changeit
ssl.keystore.type=PKCS12
listener.name.password.sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512
listener.name.password.scram-sha-256.sasl.jaas.config=${login}.scram.ScramLoginModule required;
listener.name.password.scram-sha-512.sasl.jaas.config=${login}.scram.ScramLoginModule required;
listener.name.token.sasl.enabled.mechanisms=OAUTHBEARER
listener.name.token.oauthbearer.sasl.jaas.config=${login}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
`,
    );
    // Formatted once more, with somebody who has a password.
    rmSync(join(folder, 'data'), { recursive: true });
    const classPath = command.parameters[command.parameters.indexOf('-cp') + 1] ?? '';
    const quiet = command.parameters.filter((parameter) => parameter.startsWith('-Dlog4j2'));
    const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', 'AAAAAAAAAAAAAAAAAAAAAA', '--config', join(folder, 'server.properties')];
    const people = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=alice,password=alice-secret]`]);
    execFileSync(command.file, ['-cp', classPath, ...quiet, ...format, ...people], { stdio: 'ignore' });
    kafka = spawn(command.file, [...command.parameters], { cwd: folder, stdio: 'ignore' });
    const hasAnswered = (): Promise<boolean> =>
      askKafka(`127.0.0.1:${record.ports.kafka}`).then(
        () => true,
        () => false,
      );
    while (!(await hasAnswered())) await sleep(200);

    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    issuer = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => {
        asked.push({ authorization: request.headers.authorization, body });
        const now = Math.floor(Date.now() / 1000);
        const accessToken = `${part({ alg: 'none' })}.${part({ sub: 'lisible', iat: now, exp: now + 300 })}.`;
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ access_token: accessToken, expires_in: 300 }));
      });
    }).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    settings = {
      brokers: [`127.0.0.1:${passwordPort}`],
      clientId: 'spec',
      tls: { caFile: join(folder, 'ca.pem') },
      sasl: scram('scram-sha-512'),
      compression: 'none',
      partitions: 2,
      replication: 1,
      sessionTimeoutMs: 6_000,
    };
  }, 240_000);

  afterAll(async () => {
    issuer?.close();
    if (kafka !== undefined && kafka.exitCode === null) {
      const exited = once(kafka, 'exit');
      kafka.kill('SIGKILL');
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  /** Makes a topic, writes to it and reads it back: every kind of client the platform opens. */
  const roundTrip = async (topic: string, different: Partial<BrokerSettings>): Promise<number> => {
    const broker = openKafkaBroker({ ...settings, ...different }, () => undefined);
    try {
      await broker.ensureTopics([{ name: topic, partitions: 2, replication: 1, retentionMs: 86_400_000, compression: 'producer' }]);
      await broker.publish(Array.from({ length: 40 }, (_, index) => ({ topic, key: `k${index}`, value: 'x'.repeat(2_000) })));
      const ranges = await broker.listRanges(topic);
      return (await readRange(broker, topic, { from: new Map(ranges.map(({ partition, begin }) => [partition, begin])) })).length;
    } finally {
      await broker.close();
    }
  };

  it('lets in who knows the password, whatever the compression', async () => {
    expect(await roundTrip('scram-256', { sasl: scram('scram-sha-256'), compression: 'gzip' })).toBe(40);
    expect(await roundTrip('scram-512', { sasl: scram('scram-sha-512'), compression: 'zstd' })).toBe(40);
    await expect(roundTrip('wrong', { sasl: scram('scram-sha-512', 'guessed') })).rejects.toThrow('authentication failed');
  }, 60_000);

  it('lets in who brings a token, which is asked for once while it is good', async () => {
    expect(await roundTrip('token', { brokers: [`127.0.0.1:${tokenPort}`], sasl: token() })).toBe(40);
    expect(asked).toEqual([
      {
        authorization: `Basic ${Buffer.from('lisible:s%3Aec%20ret').toString('base64')}`,
        body: 'grant_type=client_credentials&scope=kafka',
      },
    ]);
  }, 60_000);

  it('is not spoken to when its certificate is nobody’s we know', async () => {
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'other.key', '-out', 'other.pem', '-days', '2', '-subj', '/CN=other');
    await expect(roundTrip('stranger', { tls: { caFile: join(folder, 'other.pem') } })).rejects.toThrow(/certificate|self-signed/);
  }, 60_000);
});
