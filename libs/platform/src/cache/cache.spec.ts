import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createClient } from 'redis';
import { createInProcessCache, openRedisCache } from '../index.ts';
import type { EventLog, OpenCache } from '../index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array | null): string | null => (found === null ? null : new TextDecoder().decode(found));

describe('a cache in the process', () => {
  it('forgets what is over, and what was used longest ago when there is too much', async () => {
    let now = 0;
    const cache = createInProcessCache({ now: () => new Date(now) }, 10);
    await cache.remember('a', bytes('1234'), 60);
    await cache.remember('b', bytes('5678'), 1);
    expect([text(await cache.find('a')), text(await cache.find('b')), await cache.find('c')]).toEqual(['1234', '5678', null]);
    now = 1000;
    expect([text(await cache.find('a')), await cache.find('b')]).toEqual(['1234', null]);
    await cache.remember('d', bytes('four'), 60);
    await cache.find('a');
    await cache.remember('e', bytes('more'), 60);
    expect([text(await cache.find('a')), await cache.find('d'), text(await cache.find('e'))]).toEqual(['1234', null, 'more']);
    await cache.remember('f', bytes('more than it holds'), 60);
    expect(await cache.find('f')).toBeNull();
  });
});

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const said: string[] = [];
const log: EventLog = {
  info: (_, message) => said.push(message),
  warn: (_, message) => said.push(message),
  error: (_, message) => said.push(message),
};

/** Until it holds: a server starts, dies and is found again in its own time. */
const eventually = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
};

const hasRedis = await new Promise<boolean>((resolve) => {
  const asked = spawn('redis-server', ['--version'], { stdio: 'ignore' });
  asked.on('error', () => resolve(false));
  asked.on('exit', (code) => resolve(code === 0));
});
if (!hasRedis && process.env['CI'] === 'true') throw new Error('there is no redis-server, and CI tests on a real one');

(hasRedis ? describe : describe.skip)('a cache in Redis', () => {
  let port: number;
  let server: ChildProcess;
  let cache: OpenCache;
  const start = (): ChildProcess =>
    spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  const isThere = async (): Promise<boolean> => {
    await cache.remember('there', bytes('yes'), 60);
    return text(await cache.find('there')) === 'yes';
  };

  beforeAll(async () => {
    port = await findFreePort();
    // Asked before the server is there: nothing fails, nothing waits.
    cache = openRedisCache(`redis://127.0.0.1:${port}`, 'scoring', log);
    await cache.remember('a', bytes('early'), 60);
    expect(await cache.find('a')).toBeNull(); // oxlint-disable-line vitest/no-standalone-expect
    server = start();
    await eventually(isThere);
  });

  afterAll(async () => {
    await cache.close();
    await end('SIGTERM');
  });

  it('gives back what it was given, to the byte, under the service’s own name and for its time', async () => {
    const value = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await cache.remember('cohorts:s1', value, 1.2);
    expect(await cache.find('cohorts:s1')).toEqual(value);
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    expect(await client.ttl('lisible:scoring:cohorts:s1')).toBe(2);
    await client.expire('lisible:scoring:cohorts:s1', 0);
    expect(await cache.find('cohorts:s1')).toBeNull();
    client.destroy();
  });

  it('takes what it did not write for nothing', async () => {
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    await cache.remember('whole', bytes('an answer'), 60);
    await client.setRange('lisible:scoring:whole', 12, 'X');
    await client.set('lisible:scoring:foreign', '{"not":"ours"}');
    await client.lPush('lisible:scoring:list', 'x');
    expect(await Promise.all(['whole', 'foreign', 'list', 'none'].map((key) => cache.find(key)))).toEqual([null, null, null, null]);
    client.destroy();
  });

  it('misses while the server is away, says so once, and finds it again', async () => {
    said.length = 0;
    await end('SIGKILL');
    await eventually(() => said.length > 0);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await cache.remember('b', bytes('x'), 60);
      expect(await cache.find('b')).toBeNull();
    }
    expect(said).toEqual(['the cache is away: answers are computed each time']);
    server = start();
    await eventually(isThere);
    expect(said).toEqual(['the cache is away: answers are computed each time', 'the cache is back']);
  });

  it('waits a moment for a server that hangs, and no more', async () => {
    await cache.remember('c', bytes('x'), 60);
    server.kill('SIGSTOP');
    const startedAt = performance.now();
    expect([await cache.find('c'), await cache.remember('d', bytes('x'), 60)]).toEqual([null, undefined]);
    const elapsedMs = performance.now() - startedAt;
    expect(elapsedMs).toBeGreaterThan(190);
    expect(elapsedMs).toBeLessThan(2000);
    server.kill('SIGCONT');
    await eventually(async () => text(await cache.find('c')) === 'x');
  });
});
