import type { FeatureBins } from './binning.ts';
import { planColumns, type ColumnPlan } from './column-plan.ts';
import { thresholdBytes, wordsPerColumn, type TrainingMemory } from './training-memory.ts';

/** What every member knows of the columns. */
export interface TrainingColumns {
  readonly bins: readonly FeatureBins[];
  readonly plan: ColumnPlan;
}

/** Leaves the columns for the members, in the order of their features. */
export function writeColumns({ words, layout }: TrainingMemory, columns: readonly FeatureBins[]): void {
  words[layout.numColumnsWord >>> 2] = columns.length;
  columns.forEach(({ feature, numValueBins, categories, hasMissing, numPages }, column) => {
    words.set([feature, numValueBins, hasMissing ? 1 : 0, categories === null ? 0 : 1, numPages], (layout.columns >>> 2) + column * wordsPerColumn);
  });
}

/** The bins of a feature that is a number, as they were found; null where it is of no use. */
export function readBins(shared: TrainingMemory, feature: number): FeatureBins | null {
  const { words, layout } = shared;
  const numValueBins = words[(layout.features >>> 2) + feature * 2];
  if (numValueBins === 0) return null;
  return {
    feature,
    numValueBins,
    thresholds: Float64Array.from(shared.floatsAt(layout.thresholds + feature * thresholdBytes, numValueBins)),
    categories: null,
    hasMissing: words[(layout.features >>> 2) + feature * 2 + 1] === 1,
    numPages: 1,
  };
}

/** The columns as `writeColumns` left them; of categories their number only. */
export function readColumns(shared: TrainingMemory): TrainingColumns {
  const { words, layout, shape } = shared;
  const bins = Array.from({ length: words[layout.numColumnsWord >>> 2] }, (_, column) => {
    const [feature, numValueBins, hasMissing, isCategory, numPages] = shared.wordsAt(layout.columns + column * wordsPerColumn * 4, wordsPerColumn);
    const ofNumber = isCategory === 1 ? null : readBins(shared, feature);
    if (ofNumber !== null) return ofNumber;
    const categories = new Int32Array(numPages === 0 ? 0 : numValueBins);
    return { feature, numValueBins, thresholds: new Float64Array(0), categories, hasMissing: hasMissing === 1, numPages };
  });
  // A missing value may turn up that the sample had not shown, so every column has room for it.
  const numBins = bins.map(({ numValueBins }) => numValueBins + 1);
  const mayShare = bins.map(({ categories }) => categories === null);
  return { bins, plan: planColumns(numBins, mayShare, shape.numRows, shape.numMembers) };
}
