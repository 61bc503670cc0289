import type { ApplicationView } from '@lisible/contracts';
import { generatePopulation } from '@lisible/generator';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = (name: string): string => join(root, 'standalone', 'dist', name);
const trainedOn = 2000;
const heldOut = 600;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

interface ScoredLine {
  readonly applicationId: string;
  readonly probabilityOfDefault: number;
  readonly proposal: string;
  readonly decision: string;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });

const readScored = async (path: string): Promise<readonly ScoredLine[]> => {
  const [header, ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(header).toBe('applicationId,probabilityOfDefault,proposal,decision');
  return lines.map((line) => {
    const [applicationId = '', probability = '', proposal = '', decision = ''] = line.split(',');
    return { applicationId, probabilityOfDefault: Number(probability), proposal, decision };
  });
};

/** ROC AUC by its definition (Mann and Whitney, 1947): the share of pairs in which the defaulted loan has the higher probability, ties half. */
const shareOfPairsInOrder = (labels: readonly number[], scores: readonly number[]): number => {
  const of = (label: number): readonly number[] => scores.filter((_score, row) => labels[row] === label);
  const [repaid, defaulted] = [of(0), of(1)];
  const inOrder = defaulted.flatMap((high) => repaid.map((low) => (high > low ? 1 : high === low ? 0.5 : 0)));
  return inOrder.reduce<number>((sum, value) => sum + value, 0) / inOrder.length;
};

/** What the error output says beside progress, which a slow machine shows and a fast one does not. */
const sentencesIn = (errors: string): string => errors.replaceAll(/^(Evaluation|Scoring): .*\n/gm, '');

describe('npm run evaluate, score and report', () => {
  let folder: string;
  let home: string;
  let port: number;
  let platform: ChildProcess | null = null;
  let seen: string;
  let unseen: string;
  /** Outcome by applicationId of the half that the model never saw. */
  const outcomes = new Map<string, number>();
  const stopped: { evaluation?: unknown; scored?: string } = {};

  const run = (script: string, args: readonly string[], state = home): Promise<Ended> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [built(script), ...args], {
        cwd: root,
        env: { PATH: process.env['PATH'] ?? '', LISIBLE_HOME: state, STUDIES: 'none' },
      });
      let output = '';
      let errors = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
      child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
      child.once('close', (code) => resolve({ code, output, errors: sentencesIn(errors) }));
    });
  const table = async (name: string, files: Readonly<Record<string, readonly string[]>>): Promise<string> => {
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    for (const [file, lines] of Object.entries(files)) await writeFile(join(path, file), `${lines.join('\n')}\n`);
    return path;
  };

  beforeAll(async () => {
    if (!existsSync(built('score.js'))) throw new Error('This spec runs the built commands: npx tsc -b standalone');
    folder = await mkdtemp(join(tmpdir(), 'lisible-bulk-spec-'));
    home = join(folder, 'home');
    port = await freePort();
    await generatePopulation({ seed: 11, labelled: trainedOn + heldOut, unlabelled: 0, outDir: join(folder, 'all') });
    const [header = '', ...rows] = (await readFile(join(folder, 'all', 'application_train.csv'), 'utf8')).trimEnd().split('\n');
    if (!header.startsWith('SK_ID_CURR,TARGET,')) throw new Error('The generator writes its columns in another order: this spec cuts the second.');
    const labelled = rows.slice(trainedOn);
    for (const row of labelled) {
      const [applicationId = '', outcome] = row.split(',', 2);
      outcomes.set(applicationId, Number(outcome));
    }
    const withoutOutcome = (line: string): string => line.replace(/^([^,]*),[^,]*,/, '$1,');
    seen = await table('seen', {
      'application_train.csv': [header, ...rows.slice(0, trainedOn)],
      'application_test.csv': [header, ...labelled].map(withoutOutcome),
    });
    unseen = await table('unseen', { 'application_train.csv': [header, ...rows.slice(trainedOn - 50)] });
    await table('no-labels', { 'application_test.csv': [header, ...labelled].map(withoutOutcome) });
    await table('no-outcome', { 'application_train.csv': [header, ...labelled].map(withoutOutcome) });
    const wrong = (line: string): string => line.replace(/^([^,]*),[^,]*,/, '$1,2,');
    await table('bad', { 'application_train.csv': [header, ...labelled.map((line, row) => (row === 4 ? wrong(line) : line))] });
  }, 60_000);

  afterAll(async () => {
    platform?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('say in one sentence that there is no model, and make no state folder', async () => {
    const nowhere = join(folder, 'nowhere');
    for (const ended of [
      await run('evaluate.js', ['--data', unseen], nowhere),
      await run('score.js', ['--data', unseen, '--out', join(folder, 'none.csv')], nowhere),
      await run('report.js', ['--out', join(folder, 'no-report')], nowhere),
    ])
      expect(ended).toEqual({ code: 1, output: '', errors: expect.stringMatching(/^There is no model in force in .*\n$/) });
    expect(existsSync(nowhere)).toBe(false);
    expect(existsSync(join(folder, 'none.csv'))).toBe(false);
  }, 60_000);

  it('score beside a running platform what its ledger recorded, to the bit', async () => {
    const running = spawn(process.execPath, [built('main.js')], {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '', LISIBLE_HOME: home, PORT: String(port), DATA_DIR: seen, STUDIES: 'none' },
    });
    platform = running;
    let said = '';
    running.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    running.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    while (!said.includes('Lisible is ready') && running.exitCode === null) await setTimeout(50);
    expect(said).toContain('Lisible is ready');

    const out = join(folder, 'scored.csv');
    expect(await run('score.js', ['--data', seen, '--out', out])).toMatchObject({ code: 0, output: '' });
    const scored = await readScored(out);
    expect(scored).toHaveLength(trainedOn + heldOut);
    stopped.scored = await readFile(out, 'utf8');

    const token = (await run('token.js', ['--role', 'advisor'])).output.trim();
    const ledger = new Map<string, ScoredLine>();
    for (const applicationId of outcomes.keys()) {
      let view: Partial<ApplicationView> = {};
      // The platform itself hands these applications over, one batch after the other.
      while (view.decision === undefined || view.decision === null) {
        const response = await fetch(`http://127.0.0.1:${port}/v1/applications/${applicationId}`, {
          headers: { authorization: `Bearer ${token}`, prefer: 'wait=20' },
        });
        view = await response.json();
        if (view.decision === undefined || view.decision === null) await setTimeout(100);
      }
      const { probabilityOfDefault, proposal, decision } = view.decision;
      ledger.set(applicationId, { applicationId, probabilityOfDefault, proposal, decision });
    }
    const ofLedger = scored.filter(({ applicationId }) => ledger.has(applicationId));
    expect(ofLedger).toHaveLength(heldOut);
    expect(ofLedger).toEqual(ofLedger.map(({ applicationId }) => ledger.get(applicationId)));
    expect(new Set(ofLedger.map(({ decision }) => decision))).toEqual(new Set(['approved', 'declined', 'referred']));
  }, 240_000);

  /** What these proposals cost each application: 10 for a default approved, 1 for a good loan declined. */
  const costOf = (lines: readonly ScoredLine[]): number =>
    lines.reduce((sum, { applicationId, proposal }) => {
      const defaulted = outcomes.get(applicationId) ?? Number.NaN;
      return sum + (proposal === 'approved' ? 10 * defaulted : 1 - defaulted);
    }, 0) / lines.length;

  it('evaluate on the rows that were not trained on, by the numbers of the scored file', async () => {
    const { code, output, errors } = await run('evaluate.js', ['--data', unseen]);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const evaluation: Record<string, unknown> = JSON.parse(output);
    expect(Object.keys(evaluation)).toEqual([
      'rows',
      'defaultRate',
      'rocAuc',
      'averagePrecision',
      'brierScore',
      'logLoss',
      'expectedCalibrationError',
      'calibrationSlope',
      'costPerApplication',
      'seconds',
      'modelVersion',
    ]);
    const scored = (await readScored(join(folder, 'scored.csv'))).filter(({ applicationId }) => outcomes.has(applicationId));
    const labels = scored.map(({ applicationId }) => outcomes.get(applicationId) ?? Number.NaN);
    expect(evaluation['rows']).toBe(heldOut);
    expect(evaluation['rocAuc']).toBeCloseTo(
      shareOfPairsInOrder(
        labels,
        scored.map(({ probabilityOfDefault }) => probabilityOfDefault),
      ),
      12,
    );
    expect(evaluation['costPerApplication']).toBeCloseTo(costOf(scored), 12);
    stopped.evaluation = { ...evaluation, seconds: 0 };
  }, 60_000);

  it('answer the same with the platform at rest', async () => {
    const exited = new Promise((resolve) => platform?.once('exit', resolve));
    platform?.kill('SIGTERM');
    await exited;
    platform = null;
    const { output } = await run('evaluate.js', ['--data', unseen]);
    expect({ ...JSON.parse(output), seconds: 0 }).toEqual(stopped.evaluation);
    const out = join(folder, 'at-rest.csv');
    expect(await run('score.js', ['--data', seen, '--out', out])).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toBe(stopped.scored);
  }, 60_000);

  it('report says in one sentence that this version has no evidence, or that it has no such version, and writes nothing', async () => {
    const out = join(folder, 'report');
    const without = await run('report.js', ['--out', out]);
    expect(without).toEqual({ code: 1, output: '', errors: expect.stringMatching(/^Model \w+ was trained without evidence .*\n$/) });
    const unknown = await run('report.js', ['--out', out, '--model', 'nobody']);
    expect(unknown).toEqual({ code: 1, output: '', errors: 'There is no model nobody here.\n' });
    expect((await run('report.js', ['--out', out, '--language', 'de'])).errors).toMatch(/^Say where the report goes: .*fr\|en/);
    expect(existsSync(out)).toBe(false);
  }, 60_000);

  it('evaluate ends with 2 and one sentence where nothing is left to judge by', async () => {
    for (const name of ['seen', 'no-labels', 'no-outcome']) {
      const { code, output, errors } = await run('evaluate.js', ['--data', join(folder, name)]);
      expect({ name, code, output }).toEqual({ name, code: 2, output: '' });
      expect(errors).toMatch(/^[^\n]+\.\n$/);
    }
  }, 60_000);

  it('score lists what is wrong with the tables and leaves the earlier file as it was', async () => {
    const out = join(folder, 'kept.csv');
    await writeFile(out, 'earlier');
    const bad = await run('score.js', ['--data', join(folder, 'bad'), '--out', out]);
    expect(bad).toMatchObject({ code: 1, output: '' });
    expect(bad.errors).toContain('application_train, TARGET, row 5: the outcome is neither 0 nor 1');
    expect((await run('evaluate.js', ['--data', join(folder, 'bad')])).code).toBe(1);
    const nowhere = await run('score.js', ['--data', seen, '--out', join(folder, 'absent', 'scored.csv')]);
    expect(nowhere).toMatchObject({ code: 1, errors: expect.stringMatching(/^The file .* cannot be written \(ENOENT\).*\n$/) });
    expect(await readFile(out, 'utf8')).toBe('earlier');
    expect((await readdir(folder)).filter((name) => name.includes('unfinished'))).toEqual([]);
  }, 60_000);

  describe('npm run policy', () => {
    const amounts = ['--loss-given-default', '0.6', '--margin-rate', '0.05'];

    it('shows and tries at rest, and adopts nothing unasked or without a reason', async () => {
      const shown = JSON.parse((await run('policy.js', ['show', '--json'])).output);
      expect([shown.policyVersion, shown.effect.rows, shown.versions.length]).toEqual([1, trainedOn, 1]);
      const tried = await run('policy.js', ['try', ...amounts]);
      expect(tried.code).toBe(0);
      expect(tried.output).toMatch(/of the decisions stay/);
      expect((await run('policy.js', ['adopt', ...amounts])).errors).toMatch(/^Say why/);
      expect(await run('policy.js', ['adopt', ...amounts, '--reason', 'spec'])).toMatchObject({
        code: 1,
        errors: expect.stringContaining('say --yes'),
      });
      const wrong = await run('policy.js', ['try', '--false-negative', '0', '--review-capacity', '2']);
      expect(wrong.code).toBe(1);
      expect(wrong.errors).toContain('policy.reviewCapacity');
      expect(wrong.errors).toContain('policy.misclassificationCost.falseNegative');
      expect(JSON.parse((await run('policy.js', ['show', '--json'])).output).policyVersion).toBe(1);
    }, 120_000);

    it('adopts at rest, and the next platform decides by it, to the bit of the bulk scores', async () => {
      const adopted = await run('policy.js', ['adopt', ...amounts, '--reason', 'Weigh amounts.', '--yes']);
      expect(adopted).toMatchObject({ code: 0, output: expect.stringContaining('Version 2 is in force') });
      const out = join(folder, 'by-amount.csv');
      await run('score.js', ['--data', seen, '--out', out]);
      const scored = new Map((await readScored(out)).map((line) => [line.applicationId, line]));
      const ofUnseen = join(folder, 'unseen-by-amount.csv');
      await run('score.js', ['--data', unseen, '--out', ofUnseen]);
      const byAmount = (await readScored(ofUnseen)).filter(({ applicationId }) => outcomes.has(applicationId));
      const atOneThreshold = (await readScored(join(folder, 'scored.csv'))).filter(({ applicationId }) => outcomes.has(applicationId));
      expect(byAmount.map(({ proposal }) => proposal)).not.toEqual(atOneThreshold.map(({ proposal }) => proposal));
      expect(JSON.parse((await run('evaluate.js', ['--data', unseen])).output).costPerApplication).toBeCloseTo(costOf(byAmount), 12);

      const running = spawn(process.execPath, [built('main.js')], {
        cwd: root,
        env: { PATH: process.env['PATH'] ?? '', LISIBLE_HOME: home, PORT: String(port) },
      });
      platform = running;
      let said = '';
      running.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
      while (!said.includes('Lisible is ready') && running.exitCode === null) await setTimeout(50);
      const token = (await run('token.js', ['--role', 'loan-system'])).output.trim();
      const snapshots = join(home, 'artefacts', 'snapshots');
      const [snapshotId = ''] = (await readdir(snapshots)).filter((name) => name !== 'current.json');
      const lines = (await readFile(join(snapshots, snapshotId, 'unlabelled.ndjson'), 'utf8')).trimEnd().split('\n').slice(0, 25);
      const thresholds = new Set<number>();
      for (const text of lines) {
        const application: { applicationId: string } = JSON.parse(text);
        const again = { ...application, applicationId: `again-${application.applicationId}` };
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=20' };
        const address = `http://127.0.0.1:${port}/v1/applications`;
        let response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(again) });
        let view: Partial<ApplicationView> = await response.json();
        while (view.decision === undefined || view.decision === null) {
          // Received, and decided in its own time.
          expect(response.ok).toBe(true);
          await setTimeout(100);
          response = await fetch(`${address}/${again.applicationId}`, { headers });
          view = await response.json();
        }
        const { probabilityOfDefault, proposal, decision: outcome, policyVersion, decisionThreshold } = view.decision;
        expect(policyVersion).toBe(2);
        thresholds.add(decisionThreshold);
        expect({ applicationId: application.applicationId, probabilityOfDefault, proposal, decision: outcome }).toEqual(
          scored.get(application.applicationId),
        );
      }
      expect(thresholds.size).toBeGreaterThan(10);
    }, 240_000);

    it('adopts through the door of a running platform, whose next decision is by it, and keeps the history', async () => {
      const adopted = await run('policy.js', ['adopt', '--without-amounts', '--false-negative', '8', '--reason', 'Back to one.', '--yes', '--json']);
      expect(adopted.code).toBe(0);
      expect(JSON.parse(adopted.output).adopted).toMatchObject({ policyVersion: 3, adoptedBy: 'scripts', reason: 'Back to one.' });
      const { versions } = JSON.parse((await run('policy.js', ['show', '--json'])).output);
      expect(versions.map(({ policyVersion, reason }: { policyVersion: number; reason: string }) => [policyVersion, reason])).toEqual([
        [3, 'Back to one.'],
        [2, 'Weigh amounts.'],
        [1, expect.stringContaining('first champion')],
      ]);
    }, 120_000);
  });
});
