/** The three local parts for real, through the command that a person types. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { askKafka } from './ask-kafka.ts';
import { isFree } from './infra-record.ts';
import { listMissingPrograms } from './infra.ts';
import type { PartStatus } from './parts.ts';
import { partNames } from './parts.ts';
import { findRecordedProcess, isRunning } from './recorded-process.ts';

const missing = process.platform === 'linux' ? listMissingPrograms(process.env) : ['Linux'];
const isSkipped = missing.length > 0 && process.env['CI'] !== 'true';
if (isSkipped)
  console.warn(`REAL KAFKA, POSTGRESQL AND REDIS WERE NOT TESTED: this machine lacks ${missing.join(', ')} (Debian packages in parentheses).`);
const whereInstalled = isSkipped ? describe.skip : describe;

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
/** Fetching the broker may be among what a start has to do. */
const longestMs = 480_000;

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

whereInstalled('npm run infra, from local packages', () => {
  let home: string;
  let environment: NodeJS.ProcessEnv;
  let connections: Readonly<Record<string, string>>;
  const infraFolder = (): string => join(home, 'infra');
  const recorded = (name: string): ReturnType<typeof findRecordedProcess> => findRecordedProcess(join(infraFolder(), name, 'process'));

  const infra = (...words: readonly string[]): Promise<Printed> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...words], { env: environment }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      );
    });
  const statuses = async (): Promise<{ readonly code: number; readonly parts: readonly PartStatus[] }> => {
    const { code, stdout } = await infra('status', '--json');
    return { code, parts: JSON.parse(stdout).parts };
  };
  const query = async (text: string): Promise<readonly unknown[]> => {
    const client = new Client({ connectionString: connections['DATABASE_URL'] });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows.flatMap((row) => Object.values(row));
    } finally {
      await client.end();
    }
  };

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'lisible-infra-'));
    // PostgreSQL's account must be able to pass through.
    chmodSync(home, 0o755);
    // An engine would be preferred, and it is the local way that is tested here.
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin', 'docker'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    environment = { ...process.env, LISIBLE_HOME: home, PATH: [join(home, 'bin'), process.env['PATH'] ?? ''].join(delimiter) };
    for (const name of ['KAFKA_BROKERS', 'DATABASE_URL', 'REDIS_URL']) delete environment[name];
  });

  afterAll(async () => {
    await infra('down', '--with-data');
    rmSync(home, { recursive: true, force: true });
  }, longestMs);

  it('has the programs that it needs', () => expect(missing).toEqual([]));

  it('is red before anything is started', async () => {
    const { code, parts } = await statuses();
    expect(code).toBe(1);
    expect(parts.map(({ name, source, isUp }) => ({ name, source, isUp }))).toEqual(partNames.map((name) => ({ name, source: null, isUp: false })));
  });

  it(
    'is whole after a start that was killed, with the broker that was already there',
    async () => {
      const killed = spawn(process.execPath, [main, 'up'], { env: environment, stdio: 'ignore' });
      const exited = once(killed, 'exit');
      while (recorded('kafka') === null && killed.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
      killed.kill('SIGKILL');
      await exited;
      const broker = recorded('kafka');

      const { code, stdout, stderr } = await infra('up');
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^kafka +up +local +127\.0\.0\.1:\d+ +4\.\d+\.\d+$/m) });
      const lines = stdout.trim().split('\n');
      expect(lines.map((line) => line.slice(0, line.indexOf('=')))).toEqual(['KAFKA_BROKERS', 'DATABASE_URL', 'REDIS_URL']);
      connections = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
      expect(recorded('kafka')).toEqual(broker);
      expect(stderr).not.toContain(new URL(connections['DATABASE_URL']!).password);
    },
    longestMs,
  );

  it('answers each in its own protocol', async () => {
    await expect(askKafka(connections['KAFKA_BROKERS']!)).resolves.toMatch(/^metadata\.version \d+$/);
    await expect(query('select version()')).resolves.toEqual([expect.stringMatching(/^PostgreSQL \d+/)]);
    await expect(query("select current_database() || ' ' || current_setting('server_encoding')")).resolves.toEqual(['lisible UTF8']);
    const { hostname, port } = new URL(connections['REDIS_URL']!);
    const socket = connect(Number(port), hostname);
    socket.write('PING\r\n');
    const [reply] = await once(socket, 'data');
    socket.destroy();
    expect(String(reply)).toBe('+PONG\r\n');
  });

  it(
    'is up once however often it is asked, in a shell that holds its lines too',
    async () => {
      const before = partNames.map(recorded);
      expect(before.every((process) => process !== null && isRunning(process))).toBe(true);
      environment = { ...environment, ...connections };
      const { code, stdout } = await infra('up', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout).connections).toEqual(connections);
      expect(partNames.map(recorded)).toEqual(before);
      const { code: green, parts } = await statuses();
      expect(green).toBe(0);
      expect(parts.map(({ source }) => source)).toEqual(['local', 'local', 'local']);
      // What tools/runner prints in the last lines of `npm test`.
      const noted = process.env['LISIBLE_REAL_PARTS'];
      if (noted !== undefined) for (const { name, version } of parts) appendFileSync(noted, `${JSON.stringify(`${name} ${version}`)}\n`);
    },
    longestMs,
  );

  it(
    'is red when one was killed, and whole again at the same address with what was committed',
    async () => {
      await query('create table kept (id int)');
      const database = recorded('postgresql');
      process.kill(database!.pid, 'SIGKILL');
      while (isRunning(database!)) await new Promise((resolve) => setTimeout(resolve, 10));
      const red = await statuses();
      expect(red.code).toBe(1);
      expect(red.parts.map(({ isUp }) => isUp)).toEqual([true, false, true]);
      expect(red.parts[1]!.problem).toContain(`process ${database!.pid} has ended`);

      expect((await infra('up')).code).toBe(0);
      await expect(query('select count(*)::int from kept')).resolves.toEqual([0]);
      expect(recorded('postgresql')).not.toEqual(database);
    },
    longestMs,
  );

  it(
    'leaves nothing behind, and ends nothing twice',
    async () => {
      const processes = partNames.map(recorded);
      const { code, stdout } = await infra('down', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ ended: ['kafka', 'postgresql', 'redis'] });
      expect(processes.some((process) => isRunning(process!))).toBe(false);
      const stillInside = readdirSync('/proc').filter((pid) => {
        try {
          return readlinkSync(`/proc/${pid}/cwd`).startsWith(home);
        } catch {
          return false;
        }
      });
      expect(stillInside).toEqual([]);
      const ports = Object.values(connections).map((connection) => Number(/:(\d+)(?:\/\w+)?$/.exec(connection)?.[1]));
      expect(await Promise.all(ports.map(isFree))).toEqual([true, true, true]);
      expect(existsSync(join(infraFolder(), 'postgresql', 'data'))).toBe(true);
      expect((await infra('down')).stdout).toBe('nothing of ours was up\n');
      expect((await statuses()).code).toBe(1);
    },
    longestMs,
  );
});
