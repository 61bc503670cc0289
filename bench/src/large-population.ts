import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artefactKeys, championPointerSchema, cohortComparisonSchema, modelFiles, modelManifestSchema, snapshotFiles } from '@lisible/contracts';
import { homeCreditCatalogue } from '@lisible/credit';
import { openDuckDbTables } from '@lisible/platform';
import type { DuckDbTables } from '@lisible/platform';
import type { RunningPlatform } from '@lisible/runner';
import { startPlatform, waitUntilReady } from '@lisible/runner';

/** A running platform over a population that nobody trained on: as large as asked, with every field of the catalogue and the model's features. */
export interface LargePopulation {
  readonly platform: RunningPlatform;
  readonly token: string;
  readonly applicationsPath: string;
  readonly featuresPath: string;
  /** Of fields that are no text and features, in the catalogue's order. */
  readonly fieldNames: readonly string[];
  readonly featureNames: readonly string[];
  close(): Promise<void>;
}

const snapshotId = 'bench-population';
const modelVersion = 'bench-model';
const asOf = '2026-10-01T00:00:00.000Z';

/** 0..1 by a hash of row and seed: the same on every machine. */
const draw = (seed: number): string => `((hash(i * 8191 + ${seed}) % 1000003)::double / 1000003)`;

/** An expression for one field: amounts lie log-normally by hundreds, scores are one a client, some are missing. */
const drawField = ({ name, type, unit, categories }: (typeof homeCreditCatalogue.fields)[number], seed: number): string => {
  const u = draw(seed);
  const missing = (share: number, value: string): string => `case when ${draw(seed + 1000)} < ${share} then null else ${value} end`;
  if (type === 'boolean') return `${u} < ${0.05 + (seed % 10) / 12}`;
  if (type === 'category') {
    const values = (categories ?? []).map(({ value }) => `'${value.replaceAll("'", "''")}'`);
    return `[${values.join(', ')}][1 + floor(${values.length} * ${u} * ${u})::integer]`;
  }
  if (type === 'date') return `strftime(date '2024-05-01' - (30 + ${u} * 15000)::integer, '%Y-%m-%d')`;
  if (type === 'text') return name === 'firstName' ? `['Élodie', 'Hélène', 'Marc', 'Inès', 'Paul'][1 + (i % 5)]` : `'Roux' || (i % 9973)`;
  if (type === 'integer') return `floor(20 * pow(${u}, 3))`;
  if (unit === 'currency') return `round(exp(8 + 4 * ${u}) / 100) * 100`;
  if (unit === 'score') return missing(0.2, u);
  return missing(0.5, `round(${u}, 4)`);
};

const writePopulation = async (tables: DuckDbTables, home: string, rows: number, featureNames: readonly string[]): Promise<void> => {
  const folder = join(home, 'artefacts', 'snapshots', snapshotId);
  mkdirSync(folder, { recursive: true });
  const id = `lpad((100000 + i)::varchar, 6, '0')`;
  const fields = homeCreditCatalogue.fields.map((field, index) => `${drawField(field, index + 1)} as "${field.name}"`);
  const from = `from (select range as i from range(${rows})) order by i`;
  await tables.query(`copy (select ${id} as "applicationId", ${id} as "clientId", null::varchar as "branchId",
    strftime(timestamp '2024-01-01' + to_seconds((${draw(900)} * 60000000)::bigint), '%Y-%m-%dT%H:%M:%S.000Z') as "submittedAt", 'EUR' as currency,
    ${fields.join(', ')}, (${draw(901)} < 0.08)::integer as defaulted ${from}) to '${join(folder, snapshotFiles.applications)}' (format parquet)`);
  const features = featureNames.map((name, index) => `(pow(${draw(2000 + index)}, 2))::float as "${name}"`);
  await tables.query(
    `copy (select ${id} as "applicationId", ${features.join(', ')} ${from}) to '${join(folder, snapshotFiles.features)}' (format parquet)`,
  );
  const record = {
    snapshotId,
    catalogueName: homeCreditCatalogue.name,
    catalogueVersion: homeCreditCatalogue.version,
    asOf,
    source: 'synthetic',
    labelledRows: rows,
    unlabelledRows: 0,
    defaultRate: 0.08,
  };
  writeFileSync(join(folder, snapshotFiles.snapshot), JSON.stringify(record));
};

/** The champion under another name, with estimates and attributions of these rows: the figures ask for groups that need them. */
const writeModel = async (tables: DuckDbTables, home: string, rows: number): Promise<void> => {
  const artefacts = join(home, 'artefacts');
  const champion = championPointerSchema.parse(JSON.parse(readFileSync(join(artefacts, artefactKeys.champion), 'utf8')));
  const folder = join(artefacts, 'models', modelVersion);
  cpSync(join(artefacts, 'models', champion.modelVersion), folder, { recursive: true });
  const id = `lpad((100000 + i)::varchar, 6, '0')`;
  const from = `from (select range as i from range(${rows})) order by i`;
  const codes = homeCreditCatalogue.reasonGroups.slice(0, 45).map(({ code }) => code);
  await tables.query(
    `copy (select ${id} as "applicationId", (i % 5)::integer as fold, 0.0 as margin, pow(${draw(950)}, 3) as "probabilityOfDefault", 1 as split ${from}) to '${join(folder, modelFiles.estimates)}' (format parquet)`,
  );
  const attributions = codes.map((code, index) => `((${draw(3000 + index)} - 0.5) * exp(-${index} / 8.0))::float as "${code}"`);
  await tables.query(
    `copy (select ${id} as "applicationId", ${attributions.join(', ')} ${from}) to '${join(folder, modelFiles.attributions)}' (format parquet)`,
  );
  const manifest = modelManifestSchema.parse(JSON.parse(readFileSync(join(folder, modelFiles.manifest), 'utf8')));
  const files = manifest.files.map(({ name }) => {
    const bytes = readFileSync(join(folder, name));
    return { name, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  });
  writeFileSync(join(folder, modelFiles.manifest), JSON.stringify({ ...manifest, modelVersion, snapshotId, files }));
  writeFileSync(join(artefacts, artefactKeys.champion), JSON.stringify({ ...champion, modelVersion }));
};

/** How long the platform may take to notice the new pointers (it looks every 30 s) and to load. */
const patienceMs = 180_000;

export const startLargePopulation = async (rows: number, log: (line: string) => void): Promise<LargePopulation> => {
  const home = mkdtempSync(join(tmpdir(), 'lisible-population-'));
  const tables = await openDuckDbTables();
  const platform = await startPlatform({ home, environment: { SYNTHETIC_CLIENTS: '3000', STUDIES: 'none' } });
  const close = async (): Promise<void> => {
    await platform.stop();
    await tables.close();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    log('training on a small population…');
    await waitUntilReady(platform, 600);
    const champion = championPointerSchema.parse(JSON.parse(readFileSync(join(home, 'artefacts', artefactKeys.champion), 'utf8')));
    const manifest: unknown = JSON.parse(
      readFileSync(join(home, 'artefacts', artefactKeys.model(champion.modelVersion, modelFiles.manifest)), 'utf8'),
    );
    const { featureNames } = modelManifestSchema.parse(manifest);
    log(`writing a population of ${rows}…`);
    await writePopulation(tables, home, rows, featureNames);
    await writeModel(tables, home, rows);
    writeFileSync(join(home, 'artefacts', artefactKeys.currentSnapshot), JSON.stringify({ snapshotId, publishedAt: asOf }));
    const token = await platform.token('risk');
    const isThere = async (): Promise<boolean> => {
      const response = await fetch(`${platform.url}/v1/cohorts/comparison`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ cohort: { name: 'everybody' } }),
      });
      return response.ok && cohortComparisonSchema.parse(await response.json()).snapshotId === snapshotId;
    };
    const deadline = Date.now() + patienceMs;
    while (!(await isThere())) {
      if (Date.now() > deadline) throw new Error(`the population was not loaded in time:\n${platform.output().slice(-4000)}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const named = new Set(homeCreditCatalogue.fields.map(({ name }) => name));
    const folder = join(home, 'artefacts', 'snapshots', snapshotId);
    return {
      platform,
      token,
      applicationsPath: join(folder, snapshotFiles.applications),
      featuresPath: join(folder, snapshotFiles.features),
      fieldNames: homeCreditCatalogue.fields.filter(({ type, isContact }) => type !== 'text' && !isContact).map(({ name }) => name),
      featureNames: featureNames.filter((name) => !named.has(name)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
