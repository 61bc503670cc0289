/**
 * `npm test`: one Nx call builds everything and checks the import rules, then every runner runs; the last lines say
 * which real parts were tested and give one line of totals. Runs from source: it must work before anything is built.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, howToGetChromium } from './chromium.ts';
import { readRealParts, realPartsVariable } from './real-parts.ts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const isContinuousIntegration = process.env['CI'] === 'true';
const workFolder = mkdtempSync(join(tmpdir(), 'lisible-tests-'));
const realPartsFile = join(workFolder, 'real-parts.ndjson');

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Jest's and Vitest's JSON reports agree on these names. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests?: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const node = process.execPath;
const bin = (name: string): string => join(projectRoot, 'node_modules', name);
const jest = (report: string, ...rest: readonly string[]): readonly string[] => [
  node,
  '--experimental-vm-modules',
  '--no-warnings',
  bin('jest/bin/jest.js'),
  '--json',
  `--outputFile=${report}`,
  ...rest,
];

/** A broker, a database and a cache for the specs that ask for real ones; what the environment names already is taken as it is. */
const infraCommand = join(projectRoot, 'tools/infra/src/main.ts');
const infraHome = join(workFolder, 'infra-home');
const infra = (...words: readonly string[]) =>
  spawnSync(node, [infraCommand, ...words], {
    encoding: 'utf8',
    env: { ...process.env, LISIBLE_HOME: infraHome },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

interface InfraAnswer {
  readonly parts: readonly { readonly name: 'kafka' | 'postgresql' | 'redis'; readonly isUp: boolean }[];
  readonly connections: Readonly<Record<string, string>>;
}

const variableOf = { kafka: 'KAFKA_BROKERS', postgresql: 'DATABASE_URL', redis: 'REDIS_URL' } as const;
let connections: Readonly<Record<string, string>> = {};

/** What is up, by environment variable. A part that this machine cannot start is missing: its specs say so, and fail in CI. */
function bringInfraUp(): Readonly<Record<string, string>> {
  // PostgreSQL's account must be able to pass through.
  chmodSync(workFolder, 0o755);
  const { stdout } = infra('up', '--json');
  if (!stdout.startsWith('{')) return {};
  const answer: InfraAnswer = JSON.parse(stdout);
  const up = answer.parts.filter(({ isUp }) => isUp).map(({ name }) => variableOf[name]);
  return Object.fromEntries(up.flatMap((variable) => (answer.connections[variable] === undefined ? [] : [[variable, answer.connections[variable]]])));
}

/** Also when a person has enough of it: servers outlive the process that started them. */
const takeInfraDown = (): void => void infra('down', '--with-data');
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    takeInfraDown();
    process.exit(130);
  });

function run(command: readonly string[], cwd = projectRoot): Promise<number> {
  const [file, ...parameters] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file ?? node, parameters, {
      cwd,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...connections, [realPartsVariable]: realPartsFile },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const readReport = (reportFile: string): Report | null => (existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : null);

/** What a runner reported; a runner that died, ran nothing, or lost a whole file counts as a failure. */
function toTotals(report: Report | null, exitCode: number): Totals {
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const lostFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = report.numFailedTests + lostFiles;
  const passed = report.numPassedTests;
  const hasRunNothing = passed + failed + report.numPendingTests === 0;
  return {
    passed,
    failed: failed === 0 && (exitCode !== 0 || hasRunNothing) ? 1 : failed,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

const suites = [
  {
    name: 'rooms (Jest)',
    command: (report: string) => jest(report, '--config', 'jest.config.js'),
    cwd: projectRoot,
  },
  {
    name: 'dashboard components (Vitest)',
    command: (report: string) => [node, bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile=${report}`],
    cwd: join(projectRoot, 'frontend'),
  },
  {
    name: 'whole platform and browser (Jest)',
    command: (report: string) => jest(report, '--config', 'jest.e2e.config.js', '--runInBand'),
    cwd: projectRoot,
  },
  {
    name: 'reliability on real Kafka, PostgreSQL and Redis (Jest)',
    command: (report: string) => jest(report, '--config', 'jest.reliability.config.js', '--runInBand'),
    cwd: projectRoot,
  },
];

/** Names of the tests that failed, and of the files that never came to a test. */
const failuresOf = ({ testResults }: Report): readonly string[] =>
  testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, assertionResults }) =>
      assertionResults.length === 0 ? [name] : assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    );

/** More failing files than these are no accident of timing. */
const filesTriedAgain = 3;

/**
 * Continuous integration runs on machines that others load too. Few failing files are run once more, alone; what passes then
 * counts as passed and is named in the summary as unsteady, for somebody to mend. What fails twice has failed.
 */
async function runSuite({ command, cwd }: (typeof suites)[number], report: (attempt: number) => string) {
  const firstCode = await run(command(report(1)), cwd);
  const first = readReport(report(1));
  const failedFiles = first?.testResults.filter(({ status }) => status === 'failed') ?? [];
  if (first === null || failedFiles.length === 0 || failedFiles.length > filesTriedAgain) return { totals: toTotals(first, firstCode), unsteady: [] };

  console.log(`\nonce more, alone: ${failedFiles.map(({ name }) => name).join(', ')}`);
  const againCode = await run([...command(report(2)), ...failedFiles.map(({ name }) => name)], cwd);
  const again = readReport(report(2));
  const count = (status: string): number =>
    failedFiles.flatMap(({ assertionResults }) => assertionResults).filter((one) => one.status === status).length;
  const second = toTotals(again, againCode);
  const failuresNow = new Set(again === null ? failuresOf(first) : failuresOf(again));
  return {
    totals: {
      passed: first.numPassedTests - count('passed') + second.passed,
      failed: second.failed,
      skipped: first.numPendingTests + (first.numTodoTests ?? 0) - count('pending') - count('todo') + second.skipped,
    },
    unsteady: failuresOf(first).filter((name) => !failuresNow.has(name)),
  };
}

async function main(): Promise<number> {
  const buildCode = await run([node, bin('nx/dist/bin/nx.js'), 'run-many', '-t', 'build', 'boundaries', '--output-style=static']);
  if (buildCode !== 0) {
    console.log('\nThe build or the import rules failed; no test was run.');
    return buildCode;
  }

  console.log('\n── Kafka, PostgreSQL and Redis');
  connections = bringInfraUp();
  console.log(`up: ${Object.keys(connections).join(', ') || 'none'}`);
  const totals: Totals[] = [];
  const summary: string[] = [];
  const unsteadyTests: string[] = [];
  try {
    for (const [index, suite] of suites.entries()) {
      console.log(`\n── ${suite.name}`);
      const { totals: suiteTotals, unsteady } = await runSuite(suite, (attempt) => join(workFolder, `report-${index}-${attempt}.json`));
      totals.push(suiteTotals);
      unsteadyTests.push(...unsteady);
      summary.push(`${suite.name}: ${suiteTotals.passed} passed, ${suiteTotals.failed} failed, ${suiteTotals.skipped} skipped.`);
    }
  } finally {
    takeInfraDown();
  }

  const sum = (part: keyof Totals): number => totals.reduce((total, suite) => total + suite[part], 0);
  const chromium = findChromium();
  const parts = readRealParts(realPartsFile);
  rmSync(workFolder, { recursive: true, force: true });
  console.log(`\n${summary.join('\n')}`);
  for (const name of unsteadyTests) console.log(`Unsteady (failed, then passed alone): ${name}`);
  console.log(parts.length === 0 ? 'Real parts tested: none' : `Real parts tested: ${parts.join('; ')}`);
  if (chromium === null) console.log(`Browser specs did not run, no Chromium here: ${howToGetChromium}.`);
  const isBrowserMissing = chromium === null && isContinuousIntegration;
  const failed = sum('failed') + (isBrowserMissing ? 1 : 0);
  console.log(`\nTests: ${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
