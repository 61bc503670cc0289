import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionOf, createRecord, findRecord, isFree, writeRecord } from './infra-record.ts';
import { withoutCredentials } from './parts.ts';

describe('the record of an infrastructure', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'lisible-record-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('comes back as it was written, for its owner alone', async () => {
    expect(findRecord(folder)).toBeNull();
    const record = await createRecord();
    writeRecord(folder, record);
    const later = { ...record, startedBy: { ...record.startedBy, redis: 'local' as const } };
    writeRecord(folder, later);
    expect(findRecord(folder)).toEqual(later);
    expect(readdirSync(folder)).toEqual(['infra.json']);
    expect(statSync(join(folder, 'infra.json')).mode & 0o777).toBe(0o600);
  });

  it('of another kind is refused rather than forgotten with what it started', () => {
    writeFileSync(join(folder, 'infra.json'), '{"startedBy":');
    expect(() => findRecord(folder)).toThrow(/infra\.json cannot be read/);
    writeFileSync(join(folder, 'infra.json'), '{}');
    expect(() => findRecord(folder)).toThrow(/infra\.json cannot be read/);
  });

  it('has four ports that no outgoing connection is given, and another password each time', async () => {
    const [one, other] = [await createRecord(), await createRecord()];
    const ports = Object.values(one.ports);
    expect(new Set(ports).size).toBe(4);
    expect(ports.every((port) => port >= 15_000 && port < 32_768)).toBe(true);
    expect(one.postgresqlPassword).not.toBe(other.postgresqlPassword);
  });

  it('gives lines to export, and addresses to show that hold no password', async () => {
    const record = { ...(await createRecord()), ports: { kafka: 20_001, kafkaController: 20_002, postgresql: 20_003, redis: 20_004 } };
    expect(connectionOf('kafka', record)).toBe('127.0.0.1:20001');
    expect(connectionOf('redis', record)).toBe('redis://127.0.0.1:20004');
    const postgresql = connectionOf('postgresql', record);
    expect(new URL(postgresql).password).toBe(record.postgresqlPassword);
    expect(withoutCredentials('postgresql', postgresql)).toBe('127.0.0.1:20003/lisible');
    expect(withoutCredentials('redis', 'rediss://me:secret@cache:6380')).toBe('cache:6380');
    expect(withoutCredentials('postgresql', 'host=db password=secret')).toBe('unreadable address');
  });
});

describe('isFree', () => {
  it('tells a port in use from one that is free', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await expect(isFree(port)).resolves.toBe(false);
    server.close();
    await once(server, 'close');
    await expect(isFree(port)).resolves.toBe(true);
  });
});
