import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const script = fileURLToPath(new URL('../crash/chain.process.ts', import.meta.url));
const reportSchema = z.object({
  commands: z.array(z.string()),
  published: z.array(z.string()),
  promoted: z.array(z.string()),
  firstEffects: z.array(z.string()),
  secondEffects: z.array(z.string()),
  deadLetters: z.array(z.string()),
});

/** Runs the chain in a process of its own; resolves with its lines when it has ended. */
const run = (
  folder: string,
  round: string,
  environment: Record<string, string>,
  onLine: (lines: readonly string[], kill: () => void) => void = () => undefined,
) => {
  const child = spawn(process.execPath, ['--conditions=lisible-source', '--no-warnings', script, folder, round], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let errors = '';
  const lines = (): readonly string[] => text.split('\n').slice(0, -1);
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    onLine(lines(), () => child.kill('SIGKILL'));
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const ended = new Promise<{ lines: readonly string[]; signal: string | null; errors: string }>((resolve) =>
    child.once('close', (_, signal) => resolve({ lines: lines(), signal, errors })),
  );
  return { child, ended };
};

describe('a process that is killed', () => {
  it('loses nothing it acknowledged and does nothing twice, wherever the kill falls, without any cleaning', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lisible-crash-'));
    const acknowledged: string[] = [];

    // In the middle of making the database: nothing was acknowledged, the next start begins afresh.
    const first = run(folder, 'never', {});
    while (!existsSync(join(folder, 'records.unfinished', 'PG_VERSION'))) await new Promise((resolve) => setImmediate(resolve));
    first.child.kill('SIGKILL');
    expect((await first.ended).signal).toBe('SIGKILL');
    expect(existsSync(join(folder, 'records'))).toBe(false);

    // At named points: a transaction of the command and of both hops passes each of them, so different counts kill different ones.
    for (const crashAt of [
      'after-receive:2',
      'after-prepare:3',
      'before-commit:5',
      'before-commit:12',
      'after-commit:4',
      'after-commit:9',
      'before-wake:7',
    ]) {
      const { lines, signal, errors } = await run(folder, crashAt.replace(':', '-'), { LISIBLE_TEST: '1', LISIBLE_CRASH_AT: crashAt }).ended;
      expect({ crashAt, signal, errors }).toEqual({ crashAt, signal: 'SIGKILL', errors: '' });
      acknowledged.push(...lines);
    }

    // At moments nobody chose: from outside, while statements are under way.
    for (const count of [40, 97, 151]) {
      const { lines, signal } = await run(folder, `outside-${count}`, {}, (seen, kill) => seen.length >= count && kill()).ended;
      expect(signal).toBe('SIGKILL');
      acknowledged.push(...lines);
    }

    const { lines, errors } = await run(folder, '--report', {}).ended;
    expect(errors).toBe('');
    const report = reportSchema.parse(JSON.parse(lines.at(-1) ?? ''));
    expect(acknowledged.length).toBeGreaterThan(288);
    expect(acknowledged.filter((subject) => !report.published.includes(subject))).toEqual([]);
    // What was committed but not acknowledged is kept as well: at most the one command in hand a round.
    expect(report.published.length - acknowledged.length).toBeLessThanOrEqual(10);
    expect(report.commands).toEqual(report.published);
    expect(report.firstEffects).toEqual(report.published);
    expect(report.promoted).toEqual(report.published);
    expect(report.secondEffects).toEqual(report.published);
    expect(report.deadLetters).toEqual([]);
    process.stdout.write(
      `crash spec: ${acknowledged.length} acknowledged over 11 kills, ${report.published.length} committed, all with one effect a hop\n`,
    );
    await rm(folder, { recursive: true });
  }, 180_000);
});
