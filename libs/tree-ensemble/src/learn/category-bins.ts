import type { BinnedColumn } from './binning.ts';

// LightGBM's constants (`BinMapper::FindBin`): coverage, `min_data_in_bin`.
const coverage = 0.99;
const minDataInBin = 3;

/** A set of codes is a bitset up to its greatest one; a split's must stay small. */
export const maxCategoryCode = 2 ** 16 - 1;
const categoriesPerPage = 254;

/**
 * Bins a column of category codes as LightGBM does: the most frequent category first, until 99 % of the rows are covered (`maxBin`
 * bounds only what goes beyond that). The others, and missing values, share the missing bin. Codes are whole numbers within range.
 *
 * Codes are bytes here, so a feature of more than 254 categories is spread over several columns, each holding its share of them and
 * every other row in its missing bin; the split search reads them as one.
 */
export function binCategories(feature: number, column: Float32Array, maxBin: number): readonly BinnedColumn[] {
  const kept = keepFrequent(countCodes(column), column.length, maxBin);
  if (kept.length === 0) return [];
  const binOf = new Int32Array(maxCategoryCode + 1).fill(-1);
  for (let bin = 0; bin < kept.length; bin++) binOf[kept[bin]] = bin;
  const numPages = Math.ceil(kept.length / categoriesPerPage);
  const columns = Array.from({ length: numPages }, (_, page) => {
    const numValueBins = Math.min(categoriesPerPage, kept.length - page * categoriesPerPage);
    const codes = new Uint8Array(column.length).fill(numValueBins);
    const categories = page === 0 ? kept : new Int32Array(0);
    const bins = { feature, numValueBins, thresholds: new Float64Array(0), categories, numPages: page === 0 ? numPages : 0 };
    return { bins, codes };
  });
  const wideCodes = numPages > 1 ? new Uint16Array(column.length).fill(kept.length) : null;
  let numOthers = 0;
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    const bin = value === value ? binOf[value] : -1;
    if (bin < 0) {
      numOthers++;
      continue;
    }
    columns[Math.floor(bin / categoriesPerPage)].codes[row] = bin % categoriesPerPage;
    if (wideCodes !== null) wideCodes[row] = bin;
  }
  // One bin for every row parts nothing.
  if (kept.length === 1 && numOthers === 0) return [];
  const hasMissing = numOthers > 0 || numPages > 1;
  return columns.map(({ bins, codes }, page) => ({
    bins: { ...bins, hasMissing },
    codes,
    ...(page === 0 && wideCodes !== null && { wideCodes }),
  }));
}

/** Rows by code; missing values have none. */
function countCodes(column: Float32Array): Int32Array {
  const counts = new Int32Array(maxCategoryCode + 1);
  for (let row = 0; row < column.length; row++) if (column[row] === column[row]) counts[column[row]]++;
  return counts;
}

/** Codes with a bin of their own, the most frequent first. */
function keepFrequent(counts: Int32Array, numRows: number, maxBin: number): Int32Array {
  const codes: number[] = [];
  let numKnown = 0;
  for (let code = 0; code < counts.length; code++) {
    if (counts[code] === 0) continue;
    codes.push(code);
    numKnown += counts[code];
  }
  codes.sort((one, other) => counts[other] - counts[one] || one - other);
  const cut = Math.round(numKnown * coverage);
  // LightGBM counts the bin of the others among the bins, and among the values where some are missing.
  const limit = Math.min(codes.length + (numKnown < numRows ? 1 : 0), maxBin) - 1;
  let numKept = 0;
  let numCovered = 0;
  while (numKept < codes.length && (numCovered < cut || numKept < limit)) {
    const count = counts[codes[numKept]];
    if (count < minDataInBin && numKept > 1) break;
    numCovered += count;
    numKept++;
  }
  return Int32Array.from(codes.slice(0, numKept));
}
