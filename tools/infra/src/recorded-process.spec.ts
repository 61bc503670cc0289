import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endRecorded, findRecordedProcess, isRunning, parseProcessStat, parseRecordedProcess, startRecorded } from './recorded-process.ts';

const boot = '0a1b2c3d-0000-4000-8000-0123456789ab';

describe('parseRecordedProcess', () => {
  it('reads a whole line', () => {
    expect(parseRecordedProcess(`4711 998877 ${boot}\n`)).toEqual({ pid: 4711, startedAtTicks: '998877', bootId: boot });
  });

  it.each(['', '4711', `4711 998877 ${boot}`, `4711  ${boot}\n`, `-1 998877 ${boot}\n`, `4711 998877 ${boot}\n1 2 ${boot}\n`])(
    'takes %j, cut short or foreign, for no record',
    (text) => expect(parseRecordedProcess(text)).toBeNull(),
  );
});

describe('parseProcessStat', () => {
  it('finds state and start behind a name with spaces and parentheses', () => {
    const fields = ['S', ...Array.from({ length: 18 }, (_, index) => String(index)), '55555', '1', '2'];
    expect(parseProcessStat(`42 (tmux: a) (b) ${fields.join(' ')}`)).toEqual({ state: 'S', startedAtTicks: '55555' });
  });

  it('takes a text without them for none', () => {
    expect(parseProcessStat('42 (sh) S 1')).toBeNull();
  });
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a recorded process', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lisible-process-'));
    file = join(folder, 'process');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (script: string): ReturnType<typeof startRecorded> =>
    startRecorded({ file: '/bin/sh', parameters: ['-c', script], account: null }, folder, file, join(folder, 'log'));

  it('is recorded under its own number, runs, and is gone once ended', async () => {
    const recorded = await start('echo "I am $$"; exec sleep 600');
    expect(isRunning(recorded)).toBe(true);
    // The kernel shows no command line while a process turns into another program.
    const readCommandLine = (): string => readFileSync(`/proc/${recorded.pid}/cmdline`, 'utf8');
    while (isRunning(recorded) && !readCommandLine().startsWith('sleep')) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(readCommandLine()).toBe('sleep\x00600\x00');
    await expect(endRecorded(file, 'SIGTERM', 5_000)).resolves.toBe(true);
    expect(isRunning(recorded)).toBe(false);
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(`I am ${recorded.pid}\n`);
  });

  it('is killed when it does not listen', async () => {
    const recorded = await start('trap "" TERM; echo ready; while :; do sleep 0.05; done');
    while (!readFileSync(join(folder, 'log'), 'utf8').includes('ready')) await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(endRecorded(file, 'SIGTERM', 200)).resolves.toBe(true);
    expect(isRunning(recorded)).toBe(false);
  });

  it('is never another process that has its number by now', async () => {
    const bystander = spawn('sleep', ['600']);
    try {
      const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      writeFileSync(file, `${bystander.pid} 1 ${bootId}\n`);
      expect(isRunning(findRecordedProcess(file)!)).toBe(false);
      await expect(endRecorded(file, 'SIGKILL', 1_000)).resolves.toBe(false);
      const { startedAtTicks } = parseProcessStat(readFileSync(`/proc/${bystander.pid}/stat`, 'utf8'))!;
      writeFileSync(file, `${bystander.pid} ${startedAtTicks} ${boot}\n`);
      await expect(endRecorded(file, 'SIGKILL', 1_000)).resolves.toBe(false);
      expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
      // With the right start and boot it would have been taken for ours: the two lines above can fail.
      expect(isRunning({ pid: bystander.pid!, startedAtTicks, bootId })).toBe(true);
    } finally {
      bystander.kill();
      await once(bystander, 'exit');
    }
  });

  it('that nobody collected has ended', async () => {
    const recorded = await start('exit 0');
    for (let tries = 0; isRunning(recorded) && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isRunning(recorded)).toBe(false);
  });

  it('of a program that does not exist says so in the log', async () => {
    const recorded = await startRecorded({ file: '/no/such/program', parameters: [], account: null }, folder, file, join(folder, 'log'));
    for (let tries = 0; isRunning(recorded) && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(readFileSync(join(folder, 'log'), 'utf8')).toMatch(/no\/such\/program.*not found/);
  });
});
