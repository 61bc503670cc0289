import { join } from 'node:path';
import { applicationEnvelopeFields, snapshotFiles } from '@lisible/contracts';
import type { Application } from '@lisible/contracts';
import { policyInputs } from '@lisible/credit';
import type { Catalogue, PolicyInputs } from '@lisible/credit';
import { quoteName, quoteText } from '../duckdb.session.ts';
import type { Cell, DuckDbSession, Row } from '../duckdb.session.ts';
import type { RowOrigins } from './leaks.ts';
import type { ProtectedAttribute } from './model-studies.ts';
import { groupProtectedAttributes, protectedFieldsOf } from './protected-groups.ts';

/** What a snapshot says of its rows beside the features; one of each a labelled row, in the rows' order. */
export interface SnapshotOrigins extends RowOrigins {
  /** The groups that the model may not see. */
  readonly protectedAttributes: readonly ProtectedAttribute[];
  /** What declared rules read. */
  readonly policyInputs: readonly PolicyInputs[];
  /** ISO 4217, where all rows share one. */
  readonly currency: string | null;
}

/** Reads back who and when the rows are, their protected groups, and what declared rules may read of them. */
export const readOrigins = async (session: DuckDbSession, snapshotFolder: string, catalogue: Catalogue): Promise<SnapshotOrigins> => {
  const envelope = applicationEnvelopeFields;
  const fields = new Set(catalogue.fields.map(({ name }) => name));
  const readByRules = catalogue.policyInputs.flatMap(({ derivedFrom }) => derivedFrom).filter((name) => fields.has(name));
  const names = [...new Set([...envelope, ...protectedFieldsOf(catalogue).map(({ name }) => name), ...readByRules])];
  const columns = new Map(names.map((name) => [name, new Array<Cell>()]));
  const inputs: PolicyInputs[] = [];
  const source = quoteText(join(snapshotFolder, snapshotFiles.applications));
  for await (const batch of session.batches(`select ${names.map(quoteName).join(', ')} from read_parquet(${source})`)) {
    for (const name of names) columns.get(name)?.push(...batch.map((row) => row[name] ?? null));
    inputs.push(...batch.map((row) => policyInputs(catalogue, { ...row, ...envelopeOf(row) })));
  }
  const valuesOf = (name: string): readonly Cell[] => columns.get(name) ?? [];
  const textsOf = (name: string): readonly string[] => valuesOf(name).map((value) => String(value ?? ''));
  const submittedAt = textsOf('submittedAt');
  const currencies = [...new Set(textsOf('currency'))];
  return {
    applicationIds: textsOf('applicationId'),
    clientIds: textsOf('clientId'),
    submittedAtMs: Float64Array.from(submittedAt, (text) => Date.parse(text)),
    protectedAttributes: groupProtectedAttributes(catalogue, valuesOf, submittedAt),
    policyInputs: inputs,
    currency: currencies.length === 1 ? (currencies[0] ?? null) : null,
  };
};

const envelopeOf = (row: Row): Pick<Application, 'applicationId' | 'clientId' | 'submittedAt' | 'currency'> => ({
  applicationId: String(row['applicationId'] ?? ''),
  clientId: String(row['clientId'] ?? ''),
  submittedAt: String(row['submittedAt'] ?? ''),
  currency: String(row['currency'] ?? ''),
});
