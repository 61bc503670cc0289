import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applicationEnvelopeFields, snapshotFiles } from '@lisible/contracts';
import type { PopulationSnapshot } from '@lisible/contracts';
import { computeFeatureMatrix, modelFeatureNames } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import type { Cell, Column, ColumnType, DuckDbSession } from '../duckdb.session.ts';
import type { RawApplication, RawTables } from '../ingest-raw-tables/ingest-raw-tables.ts';
import { writeHistory, writeMonths } from './write-history.ts';

/** Unlabelled rows are examples for the door, not a load. */
export const maxUnlabelled = 2000;

export interface WrittenSnapshot {
  readonly snapshot: PopulationSnapshot;
  readonly applicationIds: readonly string[];
  readonly labels: Uint8Array;
  readonly featureNames: readonly string[];
  readonly matrix: FeatureMatrix;
  /** The unlabelled rows that the snapshot keeps, with the same features. */
  readonly unlabelled: { readonly applicationIds: readonly string[]; readonly matrix: FeatureMatrix };
}

const fieldColumnTypes = {
  number: 'DOUBLE',
  integer: 'DOUBLE',
  boolean: 'BOOLEAN',
  category: 'VARCHAR',
  date: 'VARCHAR',
  text: 'VARCHAR',
} as const satisfies Record<Catalogue['fields'][number]['type'], ColumnType>;

/**
 * Writes the population into `folder`: applications, features, unlabelled rows, the clients' pasts, and last the record that makes it whole. The
 * id is a hash of the content, so the same tables give the same snapshot.
 */
export const writeSnapshot = async (
  session: DuckDbSession,
  population: RawTables,
  {
    catalogue,
    folder,
    source,
    now,
  }: { readonly catalogue: Catalogue; readonly folder: string; readonly source: PopulationSnapshot['source']; readonly now: Date },
  onProgress: (share: number, message: string) => void,
): Promise<WrittenSnapshot> => {
  await mkdir(folder, { recursive: true });
  const { history } = population;
  const featureNames = modelFeatureNames(catalogue, history?.learntTables);
  const numRows = population.labelledRows;
  const applicationColumns: readonly Column[] = [
    ...applicationEnvelopeFields.map((name) => ({ name, type: 'VARCHAR' as const })),
    ...catalogue.fields.map(({ name, type }) => ({ name, type: fieldColumnTypes[type] })),
    { name: 'defaulted', type: 'INTEGER' },
  ];
  const applicationsFile = await session.createParquet(applicationColumns);
  const featuresFile = await session.createParquet([
    { name: 'applicationId', type: 'VARCHAR' },
    ...featureNames.map((name) => ({ name, type: 'FLOAT' as const })),
  ]);

  const featuresOf = (batch: readonly RawApplication[]): FeatureMatrix =>
    computeFeatureMatrix(
      catalogue,
      batch.map(({ application }) => application),
      featureNames,
      batch.map(({ history: past }) => past),
    );

  const content = createHash('sha256').update(`${catalogue.name} ${catalogue.version} ${featureNames.join(' ')}\n`);
  const applicationIds: string[] = [];
  const labels = new Uint8Array(numRows);
  const values = new Float32Array(numRows * featureNames.length);
  let written = 0;
  const unlabelled: RawApplication[] = [];
  for await (const { role, applications: batch, rowsRead } of population.read()) {
    onProgress(rowsRead / population.numRows, `${rowsRead} of ${population.numRows} applications`);
    if (role === 'unlabelled') {
      unlabelled.push(...batch.slice(0, maxUnlabelled - unlabelled.length));
      continue;
    }
    if (batch.length === 0) continue;
    const features = featuresOf(batch);
    values.set(features.values, written * featureNames.length);
    batch.forEach(({ application, defaulted }, position) => {
      labels[written + position] = defaulted ?? 0;
      applicationIds.push(application.applicationId);
      content.update(`${JSON.stringify(application)} ${defaulted}\n`);
    });
    applicationsFile.append(
      applicationColumns.map(({ name }) =>
        batch.map(({ application, defaulted }): Cell => (name === 'defaulted' ? defaulted : (application[name] ?? null))),
      ),
    );
    featuresFile.append([
      batch.map(({ application }) => application.applicationId),
      ...featureNames.map((_, feature) => batch.map((_row, row) => nullable(features.values[row * features.numFeatures + feature]))),
    ]);
    written += batch.length;
  }
  await applicationsFile.finish(join(folder, snapshotFiles.applications));
  await featuresFile.finish(join(folder, snapshotFiles.features));
  if (history !== null) await writeHistory(session, history, folder, content);
  const monthsTable = history?.monthsTable ?? null;
  const historyMonths = monthsTable === null ? null : await writeMonths(session, monthsTable, folder, content);

  const unlabelledText = unlabelled.map(({ application }) => `${JSON.stringify(application)}\n`).join('');
  content.update(unlabelledText);
  await writeFile(join(folder, snapshotFiles.unlabelled), unlabelledText);

  const coverage = [...(history?.coverage ?? [])];
  const repairs = [...(history?.repairs ?? [])];
  content.update(JSON.stringify({ coverage, repairs }));
  const snapshot: PopulationSnapshot = {
    snapshotId: content.digest('hex').slice(0, 16),
    catalogueName: catalogue.name,
    catalogueVersion: catalogue.version,
    asOf: now.toISOString(),
    source,
    labelledRows: numRows,
    unlabelledRows: unlabelled.length,
    defaultRate: labels.reduce((sum, label) => sum + label, 0) / numRows,
    coverage,
    repairs,
    ...(historyMonths === null ? {} : { historyMonths }),
  };
  await writeFile(join(folder, snapshotFiles.snapshot), JSON.stringify(snapshot, null, 2));
  return {
    snapshot,
    applicationIds,
    labels,
    featureNames,
    matrix: { numRows, numFeatures: featureNames.length, values },
    unlabelled: { applicationIds: unlabelled.map(({ application }) => application.applicationId), matrix: featuresOf(unlabelled) },
  };
};

const nullable = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
