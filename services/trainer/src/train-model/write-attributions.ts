import { readFile } from 'node:fs/promises';
import type { Catalogue } from '@lisible/credit';
import { createBackgroundExplainer, selectRows } from '@lisible/tree-ensemble';
import type { FeatureMatrix } from '@lisible/tree-ensemble';
import type { DuckDbSession } from '../duckdb.session.ts';
import type { WrittenSnapshot } from '../publish-snapshot/write-snapshot.ts';
import type { CrossValidation } from './cross-validate.ts';

/** Rows explained at a time: their attributions by feature are summed by reason before the next. A multiple of 16, which the kernel likes. */
const rowsAtATime = 4096;
/** Rows written at a time. */
const rowsOfBatch = 20_480;

/** Reason codes of the model's features, in the catalogue's order, and the place of each feature's among them. */
const reasonsOf = ({ features, reasonGroups }: Catalogue, featureNames: readonly string[]) => {
  const codeByName = new Map(features.map(({ name, reasonCode }) => [name, reasonCode]));
  const read = new Set(featureNames.map((name) => codeByName.get(name)));
  const codes = reasonGroups.map(({ code }) => code).filter((code) => read.has(code));
  return { codes, placeOf: Uint16Array.from(featureNames, (name) => codes.indexOf(codeByName.get(name) ?? '')) };
};

/**
 * SHAP values of every labelled row, out of fold, against the background that reasons are measured by, summed by reason code (Shapley values add
 * up): a column a code of float32 log-odds, a row a past loan in the order of the snapshot. Similar clients are found by them.
 */
export const writeAttributions = async (
  session: DuckDbSession,
  path: string,
  { applicationIds, matrix, featureNames }: Pick<WrittenSnapshot, 'applicationIds' | 'matrix' | 'featureNames'>,
  { folds, foldModels }: Pick<CrossValidation, 'folds' | 'foldModels'>,
  background: FeatureMatrix,
  catalogue: Catalogue,
  onProgress: (share: number) => void,
): Promise<Uint8Array> => {
  const { codes, placeOf } = reasonsOf(catalogue, featureNames);
  const columns = codes.map(() => new Float32Array(matrix.numRows));
  let explained = 0;
  for (const [fold, model] of foldModels.entries()) {
    const explainer = createBackgroundExplainer(model, background);
    const rows = Uint32Array.from(folds.keys()).filter((row) => folds[row] === fold);
    for (let start = 0; start < rows.length; start += rowsAtATime) {
      const some = rows.subarray(start, start + rowsAtATime);
      sumByReason(explainer.explainRows(selectRows(matrix, some)), some, placeOf, columns);
      explained += some.length;
      onProgress(explained / matrix.numRows);
    }
  }
  const file = await session.createParquet([{ name: 'applicationId', type: 'VARCHAR' }, ...codes.map((name) => ({ name, type: 'FLOAT' as const }))]);
  for (let start = 0; start < matrix.numRows; start += rowsOfBatch) {
    const end = Math.min(start + rowsOfBatch, matrix.numRows);
    file.append([applicationIds.slice(start, end), ...columns.map((column) => [...column.subarray(start, end)])]);
  }
  await file.finish(path);
  return readFile(path);
};

/** Added up in double precision, a feature after the other. */
const sumByReason = (shapValues: Float64Array, rows: Uint32Array, placeOf: Uint16Array, columns: readonly Float32Array[]): void => {
  const sums = new Float64Array(columns.length);
  for (const [index, row] of rows.entries()) {
    sums.fill(0);
    for (const [feature, place] of placeOf.entries()) sums[place] = (sums[place] ?? 0) + (shapValues[index * placeOf.length + feature] ?? 0);
    for (const [place, column] of columns.entries()) column[row] = sums[place] ?? 0;
  }
};
