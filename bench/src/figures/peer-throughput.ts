import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Application, ApplicationView } from '@lisible/contracts';
import { applicationViewSchema, artefactKeys, championPointerSchema, modelFiles, modelManifestSchema } from '@lisible/contracts';
import { findFreePort, readUnlabelled, startPlatform, waitUntilReady } from '@lisible/runner';
import type { RunningPlatform } from '@lisible/runner';
import { parseTrees, predictMargin, sigmoid } from '@lisible/tree-ensemble';
import type { TreeEnsemble } from '@lisible/tree-ensemble';
import { z } from 'zod';
import type { Figure } from '../figure.ts';
import { median, quantile } from '../figure.ts';
import { postAll } from '../load.ts';
import type { LoadAnswer, LoadRequest } from '../load.ts';
import { runOracle, startOracle } from '../oracle.ts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const dataDir = join(projectRoot, '../shared/data/home-credit');
const script = fileURLToPath(new URL('../../oracles/peer_throughput_rival.py', import.meta.url));
const connections = 16;
const mustRatio = 4;
const readBackCount = 1000;
/** Log-odds. Sums run in another order than the model's own; LightGBM's own walk is compared with itself. */
const tolerance = 1e-9;

const trainedSchema = z.object({ rows: z.number(), trees: z.number(), features: z.array(z.string()), versions: z.record(z.string(), z.string()) });
const marginsSchema = z.record(z.string(), z.number());
const rivalAnswerSchema = z.object({
  applicationId: z.string(),
  probability: z.number(),
  decision: z.enum(['approved', 'declined']),
  baseValue: z.number(),
  shapValues: z.record(z.string(), z.number()),
});

export const peerThroughput: Figure = {
  name: 'peer-throughput',
  title: `decisions a second at ${connections} connections, each answered with its decision and exact attributions once both are in the records (POST of a raw application through the gateway, \`Prefer: wait\`), beside FastAPI, pandas, LightGBM and shap with two workers, which take the same applications and record nothing`,
  unit: 'times the rival’s decisions a second',
  target: `at least ${mustRatio} times`,

  async measure({ isShort, log }) {
    if (!existsSync(dataDir)) throw new Error('../shared/data/home-credit is absent: this figure is measured on it');
    const folder = mkdtempSync(join(tmpdir(), 'lisible-throughput-'));
    const [home, rivalFolder] = [join(folder, 'home'), join(folder, 'rival')];
    const undo = new AsyncDisposableStack();
    try {
      log('training on the Home Credit extract…');
      await promisify(execFile)(process.execPath, ['standalone/dist/train.js', '--data', dataDir, '--seed', '42'], {
        cwd: projectRoot,
        env: { ...process.env, LISIBLE_HOME: home, STUDIES: 'none' },
        maxBuffer: 64 * 2 ** 20,
      });
      const champion = readChampion(home);
      log('training LightGBM on the same clients…');
      const trained = trainedSchema.parse(JSON.parse(await runOracle(script, ['train', champion.folder, champion.snapshotFolder, rivalFolder], log)));

      const platform = await startPlatform({ home });
      undo.defer(() => platform.kill());
      await waitUntilReady(platform, 120);
      const templates = readUnlabelled(home);
      await waitUntilExplained(platform, templates);
      const rivalPort = await findFreePort();
      const rivalOrigin = `http://127.0.0.1:${rivalPort}`;
      const rival = await startOracle(script, ['serve', rivalFolder, String(rivalPort)], log);
      undo.defer(() => rival.stop());
      await waitUntilHealthy(`${rivalOrigin}/health`);

      await checkRivalFeatures(rivalOrigin, templates, rivalFolder);
      const token = await platform.token('loan-system');
      let submitted = 0;
      const applications = (count: number): readonly LoadRequest[] =>
        Array.from({ length: count }, () => toRequest(templates, (submitted += 1), token));
      const rivalRun = async (requests: readonly LoadRequest[]): Promise<number> => {
        const { answers, perSecond } = await postAll(rivalOrigin, requests, connections);
        for (const answer of answers) checkRival(answer);
        return perSecond;
      };
      const views: ApplicationView[] = [];
      const latencies: number[] = [];
      const ourRun = async (count: number): Promise<number> => {
        const { answers, perSecond } = await postAll(platform.url, applications(count), connections);
        views.push(...answers.map((answer) => checkOurs(answer, champion.trees)));
        latencies.push(...answers.map(({ elapsedMs }) => elapsedMs));
        return perSecond;
      };

      log('warming both up…');
      const [ourCount, rivalCount] = isShort ? [1000, 600] : [3000, 1500];
      await rivalRun(applications(rivalCount / 2).map(toRivalRequest));
      await ourRun(ourCount / 2);
      latencies.length = 0;
      const oursPerSecond: number[] = [];
      const rivalPerSecond: number[] = [];
      const loads: number[] = [];
      for (let repetition = 0; repetition < (isShort ? 3 : 5); repetition += 1) {
        loads.push(loadavg()[0] ?? Number.NaN);
        // Turn by turn, so that a busy moment of the machine touches both.
        rivalPerSecond.push(await rivalRun(applications(rivalCount).map(toRivalRequest)));
        oursPerSecond.push(await ourRun(ourCount));
        log(`rival ${rivalPerSecond.at(-1)?.toFixed(0)}/s, ours ${oursPerSecond.at(-1)?.toFixed(0)}/s`);
      }
      const ofFeatures = await rivalRun(readPrepared(rivalFolder, rivalCount));
      log(`rival, features ready made: ${ofFeatures.toFixed(0)}/s`);
      // No orderly end: what was answered must stand in the records already.
      await platform.kill();
      const readBack = await checkRecords(home, views, log);

      const value = median(oursPerSecond) / median(rivalPerSecond);
      const range = (samples: readonly number[]): string => `${Math.min(...samples).toFixed(0)} to ${Math.max(...samples).toFixed(0)}`;
      return {
        value,
        samples: oursPerSecond.map((perSecond, repetition) => perSecond / (rivalPerSecond[repetition] ?? Number.NaN)),
        rival: { name: 'FastAPI + pandas + LightGBM + shap, decisions a second', value: median(rivalPerSecond) },
        isMet: value >= mustRatio,
        details: {
          'ours, decisions/s': median(oursPerSecond),
          'ours, from to': range(oursPerSecond),
          'rival, from to': range(rivalPerSecond),
          'ours p50 ms at 16 connections': quantile(latencies, 0.5),
          'ours p99 ms at 16 connections': quantile(latencies, 0.99),
          'answers checked': views.length,
          'read back after a kill': readBack,
          'our trees': champion.trees.trees.length,
          'rival trees': trained.trees,
          'rival features, computed for each application': trained.features.length,
          'rival with features ready made, decisions/s': ofFeatures,
          features: champion.trees.featureNames.length,
          'rival versions': Object.entries(trained.versions)
            .map(([name, version]) => `${name} ${version}`)
            .join(', '),
          'load average before each repetition': loads.map((load) => load.toFixed(1)).join(' '),
        },
      };
    } finally {
      await undo.disposeAsync();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface ServedChampion {
  readonly folder: string;
  readonly snapshotFolder: string;
  readonly trees: TreeEnsemble;
}

const readChampion = (home: string): ServedChampion => {
  const artefacts = join(home, 'artefacts');
  const read = (key: string): string => readFileSync(join(artefacts, key), 'utf8');
  const { modelVersion } = championPointerSchema.parse(JSON.parse(read(artefactKeys.champion)));
  const manifest = modelManifestSchema.parse(JSON.parse(read(artefactKeys.model(modelVersion, modelFiles.manifest))));
  return {
    folder: join(artefacts, 'models', modelVersion),
    snapshotFolder: join(artefacts, 'snapshots', manifest.snapshotId),
    trees: parseTrees(read(artefactKeys.model(modelVersion, modelFiles.trees))),
  };
};

/** Waits until what the first start hands over is explained, so that only the measured load runs. */
const waitUntilExplained = async (platform: RunningPlatform, applications: readonly Application[]): Promise<void> => {
  const last = applications.at(-1);
  if (last === undefined) throw new Error('the extract has no unlabelled application');
  const authorization = `Bearer ${await platform.token('loan-system')}`;
  for (;;) {
    const response = await fetch(`${platform.url}/v1/applications/${last.applicationId}`, { headers: { authorization } });
    if (response.ok && applicationViewSchema.parse(await response.json()).status === 'explained') return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};

const waitUntilHealthy = async (address: string): Promise<void> => {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const isHealthy = await fetch(address).then(
      (response) => response.ok,
      () => false,
    );
    if (isHealthy) return;
    if (Date.now() > deadline) throw new Error(`nothing answers at ${address}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
};

/** A new application of a client of the extract, unlike every other in its amount. */
const toRequest = (templates: readonly Application[], nth: number, token: string): LoadRequest => {
  const template = templates[nth % templates.length];
  if (template === undefined) throw new Error('the extract has no unlabelled application');
  return {
    path: '/v1/applications',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify({ ...template, applicationId: `load-${nth}`, creditAmount: Number(template['creditAmount']) + nth }),
  };
};

/** The same application for the rival, which asks nobody who calls. */
const toRivalRequest = ({ body }: LoadRequest): LoadRequest => ({ path: '/decisions', headers: jsonOnly, body });

const jsonOnly = { 'content-type': 'application/json' };

/** Applications whose features the rival's script has computed before: less than what our door is asked for. */
const readPrepared = (rivalFolder: string, count: number): readonly LoadRequest[] => {
  const lines = readFileSync(join(rivalFolder, 'prepared.ndjson'), 'utf8').trimEnd().split('\n');
  return Array.from({ length: count }, (_, index) => ({
    path: '/decisions-of-features',
    headers: jsonOnly,
    body: lines[index % lines.length] ?? '',
  }));
};

/** The rival answers what its model says of the same applications, all in one call: it computes one application's features as it does thousands'. */
const checkRivalFeatures = async (origin: string, applications: readonly Application[], rivalFolder: string): Promise<void> => {
  const margins = marginsSchema.parse(JSON.parse(readFileSync(join(rivalFolder, 'margins.json'), 'utf8')));
  const known = applications.filter(({ applicationId }) => applicationId in margins);
  if (known.length === 0) throw new Error('the rival says nothing of the applications at hand');
  const { answers } = await postAll(
    origin,
    known.map((application) => ({ path: '/decisions', headers: jsonOnly, body: JSON.stringify(application) })),
    connections,
  );
  for (const answer of answers) {
    const { applicationId, margin } = checkRival(answer);
    if (!(Math.abs(margin - (margins[applicationId] ?? Number.NaN)) <= tolerance))
      throw new Error(`the rival answers ${applicationId} with ${margin} where its model says ${margins[applicationId]}`);
  }
};

/** Explained: its attributions add up to the margin of its probability. */
const checkRival = ({ status, text }: LoadAnswer): { readonly applicationId: string; readonly margin: number } => {
  if (status !== 200) throw new Error(`the rival answered ${status}`);
  const { applicationId, probability, baseValue, shapValues } = rivalAnswerSchema.parse(JSON.parse(text));
  const margin = Object.values(shapValues).reduce((total, value) => total + value, baseValue);
  if (!(Math.abs(probability - sigmoid(margin)) <= tolerance))
    throw new Error(`the rival answered ${probability} with attributions that sum to ${margin}`);
  return { applicationId, margin };
};

/** Explained, by the served trees to the last digits, its attributions adding up to the very margin of its probability. */
const checkOurs = ({ status, text }: LoadAnswer, trees: TreeEnsemble): ApplicationView => {
  if (status !== 200) throw new Error(`the door answered ${status}`);
  const view = applicationViewSchema.parse(JSON.parse(text));
  const { decision, explanation, applicationId } = view;
  if (decision === null || explanation === null) throw new Error(`${applicationId} was answered before it was explained`);
  const { baseValue, shapValues, featureValues } = explanation.attributions;
  const sum = shapValues.reduce((total, value) => total + value, baseValue);
  const margin = predictMargin(
    trees,
    Float32Array.from(featureValues, (value) => value ?? Number.NaN),
  );
  const differences = [decision.margin - margin, sum - margin, decision.probabilityOfDefault - sigmoid(margin)];
  if (!differences.every((difference) => Math.abs(difference) <= tolerance) || explanation.probabilityOfDefault !== decision.probabilityOfDefault)
    throw new Error(`${applicationId}: the answer misses what the served trees say by ${differences.join(', ')}`);
  return view;
};

/** A new process over the same records answers what was answered, decision and explanation. Returns how many were compared. */
const checkRecords = async (home: string, views: readonly ApplicationView[], log: (line: string) => void): Promise<number> => {
  log('reading back what was answered…');
  const platform = await startPlatform({ home });
  try {
    await waitUntilReady(platform, 120);
    const authorization = `Bearer ${await platform.token('risk')}`;
    const step = Math.max(1, Math.floor(views.length / readBackCount));
    const compared = views.filter((_, index) => index % step === 0);
    for (const answered of compared) {
      const response = await fetch(`${platform.url}/v1/applications/${answered.applicationId}`, { headers: { authorization } });
      const recorded = applicationViewSchema.parse(await response.json());
      if (canonical(recorded) !== canonical(answered)) throw new Error(`${answered.applicationId} is recorded otherwise than it was answered`);
    }
    return compared.length;
  } finally {
    await platform.stop();
  }
};

/** Schemas put keys in one order. */
const canonical = (view: ApplicationView): string => JSON.stringify(applicationViewSchema.parse(view));
