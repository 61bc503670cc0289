import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  applicationViewSchema,
  artefactKeys,
  championPointerSchema,
  modelFiles,
  modelManifestSchema,
  snapshotFiles,
  snapshotPointerSchema,
} from '@lisible/contracts';
import type { ApplicationView } from '@lisible/contracts';
import { generatePopulation } from '@lisible/generator';
import { openDuckDbTables } from '@lisible/platform';
import type { TableRow } from '@lisible/platform';
import { startPlatform, waitUntilReady } from '@lisible/runner';
import { parseTrees, predictMargins } from '@lisible/tree-ensemble';
import type { Figure } from '../figure.ts';

const run = promisify(execFile);
const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const inFlight = 4;
/** What the service's own spec grants the served file's sigmoid. */
const maxProbabilityGap = 1e-12;

/** Rows of the population that the model learnt from: what was computed in bulk, and the application as it came. */
const readSnapshot = async (
  home: string,
  count: number,
): Promise<{ readonly applications: readonly TableRow[]; readonly features: readonly TableRow[] }> => {
  const artefacts = join(home, 'artefacts');
  const { snapshotId } = snapshotPointerSchema.parse(JSON.parse(readFileSync(join(artefacts, artefactKeys.currentSnapshot), 'utf8')));
  const at = (file: string): string => `read_parquet('${join(artefacts, artefactKeys.snapshot(snapshotId, file))}')`;
  const tables = await openDuckDbTables();
  try {
    const order = 'order by "applicationId" limit';
    return {
      applications: await tables.query(`select * exclude (defaulted) from ${at(snapshotFiles.applications)} ${order} ${count}`),
      features: await tables.query(`select * from ${at(snapshotFiles.features)} ${order} ${count}`),
    };
  } finally {
    await tables.close();
  }
};

/** Margins of the whole population by the served trees, at once. */
const marginsInBulk = (home: string, features: readonly TableRow[]): Float64Array => {
  const artefacts = join(home, 'artefacts');
  const { modelVersion } = championPointerSchema.parse(JSON.parse(readFileSync(join(artefacts, artefactKeys.champion), 'utf8')));
  const read = (file: string): string => readFileSync(join(artefacts, artefactKeys.model(modelVersion, file)), 'utf8');
  const { featureNames } = modelManifestSchema.parse(JSON.parse(read(modelFiles.manifest)));
  const values = Float32Array.from(features.flatMap((row) => featureNames.map((name) => numberOf(row[name]))));
  return predictMargins(parseTrees(read(modelFiles.trees)), { numRows: features.length, numFeatures: featureNames.length, values });
};

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

const present = (row: TableRow): TableRow => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));

export const trainServeSkew: Figure = {
  name: 'train-serve-skew',
  title: 'features and margins of clients with a past, computed in bulk and one by one through the door',
  unit: 'numbers that differ in any bit',
  target: 'none, of 10,000 clients',

  async measure({ isShort, log }) {
    const folder = mkdtempSync(join(tmpdir(), 'lisible-skew-'));
    const home = join(folder, 'home');
    const dataDir = join(folder, 'raw');
    const count = isShort ? 1000 : 10_000;
    try {
      await generatePopulation({ seed: 42, labelled: Math.max(count, 3000), unlabelled: 20, outDir: dataDir, tables: 'all' });
      log('training…');
      const platform = await startPlatform({ home, environment: { DATA_DIR: dataDir, STUDIES: 'none' } });
      try {
        await waitUntilReady(platform, 900);
        const token = await platform.token('loan-system');
        const { applications, features } = await readSnapshot(home, count);
        const margins = marginsInBulk(home, features);
        const scored = join(folder, 'scored.csv');
        await run(process.execPath, ['standalone/dist/score.js', '--data', dataDir, '--out', scored], {
          cwd: projectRoot,
          env: { ...process.env, LISIBLE_HOME: home },
        });
        const probabilities = new Map(
          readFileSync(scored, 'utf8')
            .split('\n')
            .map((line) => line.split(','))
            .map(([id = '', probability]) => [id, Number(probability)]),
        );
        const submit = async (application: TableRow): Promise<ApplicationView> => {
          const body = JSON.stringify({ ...present(application), applicationId: `skew-${String(application['applicationId'])}` });
          const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=30' };
          const response = await fetch(`${platform.url}/v1/applications`, { method: 'POST', headers, body });
          return applicationViewSchema.parse(await response.json());
        };
        let differing = 0;
        let compared = 0;
        let withHistory = 0;
        let readHistoryFeatures = 0;
        let next = 0;
        const probabilityGaps: number[] = [];
        const namesDiffering = new Set<string>();
        const compare = (name: string, one: unknown, other: unknown): void => {
          compared += 1;
          if (Object.is(one, other)) return;
          differing += 1;
          namesDiffering.add(name);
        };
        const work = async (): Promise<void> => {
          for (let row = next++; row < applications.length; row = next++) {
            const application = applications[row] ?? {};
            const view = await submit(application);
            if (view.decision === null || view.explanation === null) throw new Error(`an application was not decided in time (${view.status})`);
            const { featureNames, featureValues } = view.explanation.attributions;
            featureNames.forEach((name, feature) => compare(name, featureValues[feature], features[row]?.[name]));
            compare('margin', view.decision.margin, margins[row]);
            const gap = Math.abs(view.decision.probabilityOfDefault - (probabilities.get(String(application['applicationId'])) ?? Number.NaN));
            probabilityGaps.push(gap);
            withHistory += view.decision.isHistoryMissing ? 0 : 1;
            readHistoryFeatures = featureNames.filter((name) => /^(?:bureau|past|card|loan|instalment)/.test(name)).length;
            if (row % 1000 === 999) log(`${row + 1} clients`);
          }
        };
        await Promise.all(Array.from({ length: inFlight }, work));
        return {
          value: differing,
          samples: [differing],
          rival: { name: 'identical', value: 0 },
          isMet: differing === 0 && withHistory > 0 && Math.max(...probabilityGaps) < maxProbabilityGap,
          details: {
            clients: applications.length,
            'numbers compared': compared,
            'clients with a past': withHistory,
            'features of the past': readHistoryFeatures,
            'that differ': [...namesDiffering].join(', '),
            // The door's sigmoid and that of a batch are ONNX Runtime's, which rounds the last bit by a row's place in its batch.
            'probabilities of `score` that differ': probabilityGaps.filter((gap) => gap !== 0).length,
            'largest such difference': Math.max(...probabilityGaps),
          },
        };
      } finally {
        await platform.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
