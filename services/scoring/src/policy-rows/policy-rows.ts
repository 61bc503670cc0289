import { artefactKeys, modelFiles, snapshotFiles } from '@lisible/contracts';
import type { Application, ModelManifest } from '@lisible/contracts';
import { getLender, outsideTrainingRangeInput, policyInputs } from '@lisible/credit';
import type { Catalogue, PolicyRow } from '@lisible/credit';
import type { ArtefactStore, TableReader, TableRow } from '@lisible/platform';
import { z } from 'zod';

/** Where a champion's out-of-fold rows are read from. */
export interface PolicyRowSource {
  readonly artefacts: Pick<ArtefactStore, 'localPath'>;
  readonly tables: TableReader;
  readonly manifest: Pick<ModelManifest, 'modelVersion' | 'snapshotId' | 'catalogueName'>;
}

const outcomeSchema = z.object({ probabilityOfDefault: z.number().min(0).max(1), defaulted: z.union([z.literal(0), z.literal(1)]) });

/** The catalogue a model learnt from. @throws RangeError when no lender has it */
export const catalogueOf = ({ catalogueName }: Pick<ModelManifest, 'catalogueName'>): Catalogue => getLender(catalogueName).catalogue;

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

interface Page {
  readonly columns: readonly string[];
  /** Rows after this identifier, so many at most. */
  readonly after: string;
  readonly rows: number;
}

/** The champion's estimates beside the applications they are of, in the order of identifiers. */
const readJoined = async ({ artefacts, tables, manifest }: PolicyRowSource, { columns, after, rows }: Page): Promise<readonly TableRow[]> => {
  const estimates = await artefacts.localPath(artefactKeys.model(manifest.modelVersion, modelFiles.estimates));
  const applications = await artefacts.localPath(artefactKeys.snapshot(manifest.snapshotId, snapshotFiles.applications));
  return tables.query(
    `select e."probabilityOfDefault", a.defaulted${columns.map((name) => `, a.${quoteName(name)}`).join('')}
     from read_parquet($1) e join read_parquet($2) a on a."applicationId" = e."applicationId"
     where e.fold is not null and e."applicationId" > $3 order by e."applicationId" limit ${rows}`,
    [estimates, applications, after],
  );
};

const allRows = 1_000_000_000;

/** What a policy's averages and grey zone are measured on: estimate, outcome and, where it counts, the amount. */
export const readAmounts = async (source: PolicyRowSource, amountField: string | null): Promise<readonly PolicyRow[]> => {
  const rows = await readJoined(source, { columns: amountField === null ? [] : [amountField], after: '', rows: allRows });
  return rows.map((row) => ({
    ...outcomeSchema.parse(row),
    policyInputs: amountField === null ? {} : { [amountField]: z.number().nullable().parse(row[amountField]) },
  }));
};

/** Whole applications are wide: so many at a time. */
const rowsPerPage = 5000;

/**
 * The champion's out-of-fold rows with all that rules may read: what the effect of a policy is measured on. The model's ranges are those
 * of these very rows, so none of them lies outside.
 */
export const readPolicyRows = async (
  source: PolicyRowSource,
  onProgress: (rows: number) => void = () => undefined,
): Promise<readonly PolicyRow[]> => {
  const catalogue = catalogueOf(source.manifest);
  const path = await source.artefacts.localPath(artefactKeys.snapshot(source.manifest.snapshotId, snapshotFiles.applications));
  const described = await source.tables.query('select column_name as name from (describe select * from read_parquet($1))', [path]);
  const there = new Set(described.map(({ name }) => name));
  // A snapshot older than the catalogue lacks its newest fields: missing, as anywhere.
  const columns = [...new Set([...envelope, ...catalogue.policyInputs.flatMap(({ derivedFrom }) => derivedFrom)])].filter((name) => there.has(name));
  const rows: PolicyRow[] = [];
  let after = '';
  for (;;) {
    const page = await readJoined(source, { columns, after, rows: rowsPerPage });
    for (const row of page) {
      const application = applicationOf(row);
      after = application.applicationId;
      rows.push({ ...outcomeSchema.parse(row), policyInputs: { ...policyInputs(catalogue, application), [outsideTrainingRangeInput]: 0 } });
    }
    onProgress(rows.length);
    if (page.length < rowsPerPage) return rows;
  }
};

const envelope = ['applicationId', 'clientId', 'submittedAt', 'currency'] as const;
const envelopeSchema = z.object({ applicationId: z.string(), clientId: z.string(), submittedAt: z.string(), currency: z.string() });

const applicationOf = ({ probabilityOfDefault: _estimate, defaulted: _outcome, ...fields }: TableRow): Application => ({
  ...fields,
  ...envelopeSchema.parse(fields),
});
