import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { RunDocker } from './compose.ts';
import { composeDown, composeUp, hasComposeEngine } from './compose.ts';
import { createRecord } from './infra-record.ts';

const committed = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

describe('Docker Compose', () => {
  it('is chosen only where both the client knows Compose and an engine answers', async () => {
    const failing =
      (word: string | null): RunDocker =>
      (words) =>
        word !== null && words.includes(word) ? Promise.reject(new Error('no')) : Promise.resolve();
    await expect(hasComposeEngine(failing(null), {})).resolves.toBe(true);
    await expect(hasComposeEngine(failing('compose'), {})).resolves.toBe(false);
    await expect(hasComposeEngine(failing('info'), {})).resolves.toBe(false);
  });

  it('is told ports and password by the variables that its file reads, and each folder has a project of its own', async () => {
    const calls: { words: readonly string[]; environment: Readonly<Record<string, string | undefined>> }[] = [];
    const run: RunDocker = (words, environment) => {
      calls.push({ words, environment });
      return Promise.resolve();
    };
    const record = await createRecord();
    await composeUp(run, '/state/one', record, { PATH: '/bin' }, ['kafka', 'redis']);
    await composeDown(run, '/state/one', record, { PATH: '/bin' }, true);
    await composeDown(run, '/state/two', record, { PATH: '/bin' }, false);
    const [up, down, other] = calls;
    expect(up!.words.slice(-4)).toEqual(['up', '--detach', 'kafka', 'redis']);
    expect(down!.words.slice(-2)).toEqual(['down', '--volumes']);
    expect(other!.words.at(-1)).toBe('down');
    expect(up!.words[4]).toBe(down!.words[4]);
    expect(other!.words[4]).not.toBe(down!.words[4]);
    expect(up!.environment['PATH']).toBe('/bin');
    const read = [...committed('compose.infra.yaml').matchAll(/\$\{(\w+):-/g)].map(([, name]) => name);
    expect(new Set(read)).toEqual(new Set(Object.keys(up!.environment).filter((name) => name !== 'PATH')));
  });

  it('runs the Kafka that the local way runs', () => {
    const pinned = /<kafka\.version>([\d.]+)</.exec(committed('kafka/pom.xml'))?.[1];
    expect(pinned).toMatch(/^4\./);
    expect(committed('compose.infra.yaml')).toContain(`image: apache/kafka:${pinned}\n`);
  });
});
