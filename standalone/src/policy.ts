import type { PolicyVersion } from '@lisible/contracts';
import { RejectedError, openDuckDbTables, openFolderArtefacts } from '@lisible/platform';
import { openPolicyBench } from '@lisible/scoring';
import type { PolicyBench, PolicyTrial } from '@lisible/scoring';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { showLongProgress } from './bulk-command.ts';
import { runCommand } from './one-sentence.ts';
import { readPolicyOrder } from './policy-changes.ts';
import { openPolicyDoor } from './policy-door.ts';
import { historyLines, policyReport } from './policy-report.ts';
import { StartError, readSettings } from './settings.ts';

/** The champion's past loans, from its files alone. */
const openBench = async (home: string): Promise<PolicyBench> => {
  const noModel = new StartError(`There is no model in force in ${home}: train one first (npm start, or npm run train -- --data DIR).`);
  const folder = join(home, 'artefacts');
  if (!existsSync(folder)) throw noModel;
  const artefacts = await openFolderArtefacts(folder);
  const tables = await openDuckDbTables();
  const progress = showLongProgress('Past loans');
  try {
    const bench = await openPolicyBench({ artefacts, tables }, (share, message) => progress.report(share, message));
    progress.end('read');
    if (bench === null) throw noModel;
    return bench;
  } finally {
    await tables.close();
  }
};

/** Everything that is wrong with a change, one line each. */
const inWords = (attempt: () => PolicyTrial): PolicyTrial => {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    throw new StartError([error.detail.en, ...error.problems.map(({ field, message }) => `  ${field}: ${message.en}`)].join('\n'));
  }
};

const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

const confirm = async (question: string): Promise<boolean> => {
  if (!process.stdin.isTTY) throw new StartError('Nobody is there to be asked: say --yes to adopt.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/iu.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
};

const titleOf = (version: PolicyVersion | undefined): string =>
  version === undefined ? 'recommended' : `in force (version ${version.policyVersion})`;

/** `npm run --silent policy -- show | try CHANGES | adopt CHANGES --reason "…"`: what a policy does to past loans, before it decides. */
runCommand(async () => {
  const settings = readSettings();
  const order = readPolicyOrder(process.argv.slice(2));
  const bench = await openBench(settings.home);
  const door = await openPolicyDoor(settings);
  const versions = await door.list();
  const [latest] = versions;
  // Before scoring has served its first champion, that is the policy it will adopt as version 1.
  const inForce = latest?.policy ?? bench.manifest.recommendedPolicy;
  const title = titleOf(latest);
  const { modelVersion } = bench.manifest;

  if (order.command === 'show') {
    const judged = bench.show(inForce);
    if (order.isJson) print([JSON.stringify({ modelVersion, policyVersion: latest?.policyVersion ?? null, ...judged, versions })]);
    else print([...historyLines(versions), ...(versions.length === 0 ? [] : ['']), ...policyReport([{ ...judged, title }], null)]);
    return;
  }

  const about = { expectedVersion: latest?.policyVersion ?? 1, reason: order.reason ?? 'tried only' };
  const { change, ...trial } = inWords(() => bench.try(inForce, order.changes, about));
  if (!order.isJson)
    print(
      policyReport(
        [
          { ...trial.inForce, title },
          { ...trial.tried, title: 'changed' },
        ],
        trial.comparison,
      ),
    );
  if (order.command === 'try') {
    if (order.isJson) print([JSON.stringify({ modelVersion, policyVersion: latest?.policyVersion ?? null, ...trial })]);
    return;
  }

  if (!order.isConfirmed && !(await confirm(`Adopt this as version ${about.expectedVersion + 1}, in force from the next batch on?`))) {
    process.stderr.write(`Nothing was adopted: the policy stays as it is.\n`);
    return;
  }
  const adopted = await door.adopt(change);
  if (order.isJson) print([JSON.stringify({ modelVersion, policyVersion: adopted.policyVersion, adopted, ...trial })]);
  else print(['', `Version ${adopted.policyVersion} is in force from the next batch on; earlier decisions keep theirs.`]);
});
