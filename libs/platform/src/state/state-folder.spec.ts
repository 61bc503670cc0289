import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StateFolderError, lockStateFolder } from '../index.ts';

const module = fileURLToPath(new URL('./state-folder.ts', import.meta.url));

describe('the lock of the state folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lisible-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const owner = async (): Promise<Record<string, unknown>> => JSON.parse(await readFile(join(folder, 'owner.json'), 'utf8'));
  const setOwner = async (changes: Record<string, unknown>): Promise<void> => {
    const lock = await lockStateFolder(folder);
    const mine = await owner();
    await lock.release();
    await writeFile(join(folder, 'owner.json'), JSON.stringify({ ...mine, ...changes }));
  };
  const takeOver = async (): Promise<unknown> => {
    const lock = await lockStateFolder(folder);
    const { pid } = await owner();
    await lock.release();
    return pid;
  };

  it('is held by one process and says who holds it and what to do', async () => {
    const lock = await lockStateFolder(folder);
    const second = lockStateFolder(folder);
    await expect(second).rejects.toBeInstanceOf(StateFolderError);
    await expect(second).rejects.toThrow(`in use by process ${process.pid}`);
    await expect(second).rejects.toThrow('set LISIBLE_HOME to another folder');
    await lock.release();
    await (await lockStateFolder(folder)).release();
  });

  it('is taken over at once from a process that was killed', async () => {
    const child = spawn(process.execPath, [
      '--no-warnings',
      '--input-type=module',
      '-e',
      `const { lockStateFolder } = await import(${JSON.stringify(module)}); await lockStateFolder(${JSON.stringify(folder)}); process.kill(process.pid, 'SIGKILL');`,
    ]);
    await new Promise((resolve) => child.once('close', resolve));
    expect((await owner())['pid']).toBe(child.pid);
    const lock = await lockStateFolder(folder);
    expect((await owner())['pid']).toBe(process.pid);
    await lock.release();
  });

  it('is taken over when another process has got the pid since, when the machine has started anew, and when its writing was cut short', async () => {
    for (const changes of [{ startedAtTicks: '1' }, { bootId: 'before the last boot' }]) {
      await setOwner(changes);
      await expect(takeOver()).resolves.toBe(process.pid);
    }
    await writeFile(join(folder, 'owner.json'), '{"pid":');
    await expect(takeOver()).resolves.toBe(process.pid);
  });

  it('says in one sentence what to do when the state folder cannot be one, instead of showing a defect', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    for (const place of [file, join(file, 'below')]) {
      await expect(lockStateFolder(place)).rejects.toBeInstanceOf(StateFolderError);
      await expect(lockStateFolder(place)).rejects.toThrow(/^The state folder .*: .*LISIBLE_HOME/);
    }
  });

  // Node's recursive mkdir never comes back from a place where the operating system makes nothing.
  it('says so too where no folder can be made at all, instead of trying for ever', async () => {
    const child = spawn(process.execPath, [
      '--no-warnings',
      '--input-type=module',
      '-e',
      `const { lockStateFolder } = await import(${JSON.stringify(module)}); await lockStateFolder('/proc/lisible/below').catch((error) => process.stdout.write(error.message));`,
    ]);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    const overdue = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(overdue);
    expect(said).toMatch(/^The state folder \/proc\/lisible\/below .*LISIBLE_HOME/);
  }, 10_000);

  it('believes an owner on another machine as long as it touches its lock', async () => {
    await setOwner({ hostname: 'elsewhere' });
    await expect(lockStateFolder(folder)).rejects.toThrow('on elsewhere');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(join(folder, 'owner.json'), longAgo, longAgo);
    await expect(takeOver()).resolves.toBe(process.pid);
  });
});
