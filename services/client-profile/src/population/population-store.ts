import { bytesOfColumn, bytesOfSpace, createAttributionSpace, describeColumn } from '@lisible/credit';
import type { AttributionSpace, PopulationColumn } from '@lisible/credit';
import { searchKey } from '../dossiers/search-key.ts';
import type { ColumnSpec } from './column-specs.ts';
import type { PopulationReader } from './duckdb.population-reader.ts';
import type { PopulationSource } from './messages.ts';
import { createTextColumn, findText, sortByText } from './text-column.ts';
import type { TextColumn } from './text-column.ts';

export interface NamedColumn {
  readonly spec: ColumnSpec;
  readonly column: PopulationColumn;
}

/** The population of one snapshot in memory. Row r of everything is the same past loan. */
export interface PopulationStore {
  readonly source: PopulationSource;
  readonly numRows: number;
  readonly columns: ReadonlyMap<string, NamedColumn>;
  /** 1 where the loan was not repaid. */
  readonly defaulted: Uint8Array;
  readonly applicationIds: TextColumn;
  readonly clientIds: TextColumn;
  /** Empty where there is no name. */
  readonly displayNames: TextColumn;
  readonly currencies: TextColumn;
  /** `searchKey` of both identifiers and the name. */
  readonly searchKeys: TextColumn;
  /** Rows by applicationId, and each row's place among them. */
  readonly idOrder: Uint32Array;
  readonly idPlaces: Uint32Array;
  /** Milliseconds since 1970, as ranks. */
  readonly submittedAt: PopulationColumn;
  /** Out-of-fold probabilities of default; null without a model of this snapshot. */
  readonly probabilities: Float64Array | null;
  readonly attributions: { readonly space: AttributionSpace; readonly codes: readonly string[] } | null;
  readonly bytes: number;
}

/** The files of an artefact do not belong together, or are too many bytes. */
export class PopulationError extends Error {
  override readonly name = 'PopulationError';
}

/** So many columns are read at a time: their numbers stand in memory as they come before they are ranks. */
const columnsAtATime = 24;

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** @throws PopulationError */
export const loadPopulation = async (reader: PopulationReader, source: PopulationSource): Promise<PopulationStore> => {
  const { applicationsPath, featuresPath, privacyFloor } = source;
  const numRows = await reader.countRows(applicationsPath);
  const texts = await readTexts(reader, source, numRows);
  let bytes = texts.bytes;
  const claim = (more: number): void => {
    bytes += more;
    if (bytes > source.maxBytes) throw new PopulationError(`the population takes more than ${Math.round(source.maxBytes / 2 ** 20)} MiB`);
  };
  claim(0);
  const columns = new Map<string, NamedColumn>();
  for (const [path, kind] of [
    [applicationsPath, 'field'],
    [featuresPath, 'feature'],
  ] as const) {
    if (path === null) continue;
    const present = await reader.columnsOf(path);
    if (kind === 'feature') await checkOrder(reader, path, texts.applicationIds);
    const specs = source.columns.filter((spec) => spec.source === kind && present.has(spec.name));
    for (let start = 0; start < specs.length; start += columnsAtATime) {
      const some = specs.slice(start, start + columnsAtATime);
      const numbers = await reader.numbers(
        path,
        some.map(({ sql }) => sql),
        numRows,
      );
      for (const [index, spec] of some.entries()) {
        const values = numbers[index] ?? new Float64Array(numRows).fill(Number.NaN);
        const column = describeColumn(spec.name, values, spec.answers?.length ?? null, privacyFloor);
        claim(bytesOfColumn(column));
        columns.set(spec.name, { spec, column });
      }
    }
  }
  const [outcome = new Float64Array(numRows), instants = new Float64Array(numRows)] = await reader.numbers(
    applicationsPath,
    ['defaulted::double', `epoch_ms("submittedAt"::timestamp)::double`],
    numRows,
  );
  const submittedAt = describeColumn('submittedAt', instants, null, privacyFloor);
  const probabilities = source.model === null ? null : await readProbabilities(reader, source.model.estimatesPath, texts, numRows);
  const attributionsPath = source.model?.attributionsPath ?? null;
  const attributions = attributionsPath === null ? null : await readAttributions(reader, attributionsPath, texts, numRows);
  claim(bytesOfColumn(submittedAt) + numRows + (probabilities?.byteLength ?? 0) + (attributions === null ? 0 : bytesOfSpace(attributions.space)));
  return { source, numRows, columns, defaulted: Uint8Array.from(outcome), ...texts, submittedAt, probabilities, attributions, bytes };
};

type Texts = Pick<PopulationStore, 'applicationIds' | 'clientIds' | 'displayNames' | 'currencies' | 'searchKeys' | 'idOrder' | 'idPlaces' | 'bytes'>;

const readTexts = async (reader: PopulationReader, { applicationsPath, displayNameFields }: PopulationSource, numRows: number): Promise<Texts> => {
  const present = await reader.columnsOf(applicationsPath);
  const names = displayNameFields.filter((name) => present.has(name));
  const [applicationIds, clientIds, displayNames, currencies, searchKeys] = [1, 2, 3, 4, 5].map(() => createTextColumn(numRows));
  if (!applicationIds || !clientIds || !displayNames || !currencies || !searchKeys) throw new PopulationError('no room for texts');
  await reader.texts(applicationsPath, ['applicationId', 'clientId', 'currency', ...names].map(quoteName), ([id, client, currency, ...parts]) => {
    // As `displayNameOf`.
    const displayName = parts.filter((part) => part !== null && part.trim() !== '').join(' ');
    applicationIds.add(id ?? '');
    clientIds.add(client ?? '');
    currencies.add(currency ?? '');
    displayNames.add(displayName);
    searchKeys.add(searchKey(client ?? '', id ?? '', displayName === '' ? null : displayName));
  });
  const ids = applicationIds.finish();
  const idOrder = sortByText(ids);
  const idPlaces = new Uint32Array(numRows);
  for (const [place, row] of idOrder.entries()) idPlaces[row] = place;
  const finished = {
    applicationIds: ids,
    clientIds: clientIds.finish(),
    displayNames: displayNames.finish(),
    currencies: currencies.finish(),
    searchKeys: searchKeys.finish(),
  };
  const bytes = Object.values(finished).reduce((sum, column) => sum + column.bytes, 2 * idOrder.byteLength);
  return { ...finished, idOrder, idPlaces, bytes };
};

/** Features stand in the order of their applications; a file of another order is another snapshot's. */
const checkOrder = async (reader: PopulationReader, path: string, applicationIds: TextColumn): Promise<void> => {
  let row = 0;
  let isSame = true;
  await reader.texts(path, ['"applicationId"'], ([id]) => {
    isSame &&= row < applicationIds.length && applicationIds.get(row) === id;
    row += 1;
  });
  if (!isSame || row !== applicationIds.length) throw new PopulationError('the features of the snapshot are not those of its applications');
};

/** Which row of the population each row of a model's file is; −1 for one of nobody here (it was not labelled). */
const matchRows = async (reader: PopulationReader, path: string, { applicationIds, idOrder }: Texts): Promise<Int32Array> => {
  const rows: number[] = [];
  await reader.texts(path, ['"applicationId"'], ([id]) => {
    const same = rows.length;
    // Nearly always in the same place.
    const isHere = same < applicationIds.length && applicationIds.get(same) === id;
    rows.push(isHere ? same : findText(applicationIds, idOrder, id ?? ''));
  });
  return Int32Array.from(rows);
};

const readProbabilities = async (reader: PopulationReader, path: string, texts: Texts, numRows: number): Promise<Float64Array> => {
  const rows = await matchRows(reader, path, texts);
  const [read = new Float64Array(0)] = await reader.numbers(path, ['"probabilityOfDefault"'], rows.length);
  const probabilities = new Float64Array(numRows).fill(Number.NaN);
  for (const [from, row] of rows.entries()) if (row >= 0) probabilities[row] = read[from] ?? Number.NaN;
  return probabilities;
};

/** @throws PopulationError where a past loan has none */
const readAttributions = async (
  reader: PopulationReader,
  path: string,
  texts: Texts,
  numRows: number,
): Promise<NonNullable<PopulationStore['attributions']>> => {
  const codes = [...(await reader.columnsOf(path))].filter((name) => name !== 'applicationId');
  const rows = await matchRows(reader, path, texts);
  const columns: Float32Array[] = [];
  for (let start = 0; start < codes.length; start += columnsAtATime) {
    const some = codes.slice(start, start + columnsAtATime);
    const read = await reader.numbers(
      path,
      some.map((code) => `${quoteName(code)}::double`),
      rows.length,
    );
    for (const values of read) {
      const column = new Float32Array(numRows).fill(Number.NaN);
      for (const [from, row] of rows.entries()) if (row >= 0) column[row] = values[from] ?? Number.NaN;
      if (column.some((value) => Number.isNaN(value))) throw new PopulationError('a past loan has no attributions');
      columns.push(column);
    }
  }
  return { space: createAttributionSpace(columns, numRows), codes };
};
