/** The command that a person types, on a real broker. */
import { deadLetterTopic, topics } from '@lisible/contracts';
import { declareTopics, openKafkaBroker, readRange, replayConsumerHeader, replayOfHeader } from '@lisible/platform';
import type { Broker } from '@lisible/platform';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const brokers = process.env['KAFKA_BROKERS'];
if (brokers === undefined && process.env['CI'] === 'true') throw new Error('KAFKA_BROKERS names no broker, and CI tests on a real one');
const whereInstalled = brokers === undefined ? describe.skip : describe;

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const submitted = topics.applicationSubmitted;

whereInstalled('npm run dead-letters', () => {
  const prefix = `spec-${randomBytes(4).toString('hex')}.`;
  let broker: Broker;

  const run = (...words: readonly string[]): Promise<{ readonly code: number; readonly output: string; readonly errors: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...words], { env: { ...process.env, KAFKA_PREFIX: prefix } }, (error, output, errors) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output, errors }),
      );
    });
  const deadLetter = (id: string, reason: string, offset: number): string =>
    JSON.stringify({
      specversion: '1.0',
      id,
      source: '/lisible/client-profile',
      type: deadLetterTopic,
      time: '2026-11-26T08:00:00.000Z',
      subject: 'k',
      datacontenttype: 'application/json',
      dataschema: `urn:lisible:schema:${deadLetterTopic}`,
      data: { reason, consumer: 'client-profile', origin: { topic: submitted, partition: 0, offset }, attempts: 1 },
    });

  beforeAll(async () => {
    if (!existsSync(main)) throw new Error('This spec runs the built command: npx tsc -b tools/dead-letters');
    const settings = {
      brokers: (brokers ?? '').split(','),
      clientId: 'spec',
      prefix,
      tls: null,
      sasl: null,
      compression: 'none',
      partitions: 1,
      replication: 1,
      sessionTimeoutMs: 6_000,
    } as const;
    broker = openKafkaBroker(settings, () => undefined);
    await broker.ensureTopics(declareTopics('client-profile', new Set([submitted]), settings));
    await broker.publish([
      { topic: submitted, key: 'k', value: 'not JSON: Zoé' },
      { topic: submitted, key: null, value: Uint8Array.from([0xff, 0x00]) },
      { topic: deadLetterTopic, key: 'k', value: deadLetter('aa11', 'not-json', 0) },
      // A relay that died between publish and mark.
      { topic: deadLetterTopic, key: 'k', value: deadLetter('aa11', 'not-json', 0) },
      { topic: deadLetterTopic, key: 'k', value: deadLetter('aa22', 'envelope-invalid', 1) },
      { topic: deadLetterTopic, key: 'k', value: deadLetter('bb33', 'empty', 77) },
    ]);
  }, 30_000);

  afterAll(async () => {
    await broker.close();
  });

  it('lists each once, whole or by reason', async () => {
    const all = await run('list', '--json');
    expect({ ...all, output: all.output.trim().split('\n').length }).toEqual({ code: 0, output: 3, errors: '' });
    const some = await run('list', '--reason', 'not-json');
    expect(some.output).toMatch(/^aa11 {2}2026-11-26T08:00:00\.000Z {2}not-json .* client-profile {2}credit\.application\.submitted\.v1\/0\/0\n$/);
  }, 30_000);

  it('shows one without its message, and the message when asked', async () => {
    expect((await run('show', 'aa1')).output).not.toContain('Zoé');
    expect((await run('show', 'aa1', '--message')).output).toContain('not JSON: Zoé');
  }, 30_000);

  it('sends the original bytes once more, to the one consumer', async () => {
    expect(await run('replay', 'aa11', 'aa22')).toEqual({ code: 0, output: 'sent once more: 2\n', errors: '' });
    const messages = await readRange(broker, submitted, { from: new Map([[0, 2]]) });
    expect(messages.map(({ key, value, headers }) => [key, [...(value ?? [])], headers])).toEqual([
      ['k', [...Buffer.from('not JSON: Zoé')], { [replayConsumerHeader]: 'client-profile', [replayOfHeader]: 'aa11' }],
      [null, [0xff, 0x00], { [replayConsumerHeader]: 'client-profile', [replayOfHeader]: 'aa22' }],
    ]);
  }, 30_000);

  it('says in one sentence what is wrong, and sends nothing', async () => {
    expect((await run('show', 'zz')).errors).toMatch(/^There is no dead letter zz: .*\n$/);
    expect((await run('show', 'aa')).errors).toMatch(/^2 dead letters begin with aa: .*\n$/);
    expect((await run('replay', 'aa11', 'bb33')).errors).toMatch(/^The message at .*\/0\/77 is gone from the broker .*\n$/);
    expect((await run('list', '--reason', 'bad')).errors).toMatch(/^bad is no reason; /);
    for (const words of [[], ['replay'], ['replay', 'aa11', '--all'], ['list', '--nonsense']]) {
      const { code, errors } = await run(...words);
      expect(code).toBe(1);
      expect(errors).toContain('npm run dead-letters -- list');
    }
    expect(await readRange(broker, submitted, { from: new Map([[0, 4]]) })).toEqual([]);
  }, 60_000);
});
