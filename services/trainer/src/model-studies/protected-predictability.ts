import { rocAucInterval, stratifiedFolds } from '@lisible/credit';
import type { HyperParameters } from '@lisible/tree-ensemble';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import { derivedSeed, rowsWhere } from '../train-model/fold-plan.ts';
import type { WorkMeter } from '../train-model/work-meter.ts';
import { sampleRows } from './attributions.ts';
import type { ProtectedAttribute, ProtectedPredictability } from './model-studies.ts';

export interface PredictabilitySettings {
  readonly hyperParameters: HyperParameters;
  /** Rows at most, a seeded sample. */
  readonly maxRows: number;
  readonly numFolds: number;
  /** Groups of fewer sampled rows, or that leave fewer outside, are left out. */
  readonly minGroupRows: number;
  readonly seed: number;
}

interface GroupTask {
  readonly attribute: ProtectedAttribute;
  readonly group: string;
  readonly members: Uint8Array;
  readonly rows: number;
}

/** What there is to fit: a group against the rest; the second of two groups mirrors the first. */
export const planPredictability = (
  attributes: readonly ProtectedAttribute[],
  { maxRows, minGroupRows, seed }: PredictabilitySettings,
): { readonly rows: Uint32Array; readonly tasks: readonly GroupTask[] } => {
  const numRows = attributes[0]?.groupOfRow.length ?? 0;
  const rows = sampleRows(numRows, maxRows, derivedSeed(seed, 5));
  const tasks = attributes.flatMap((attribute) =>
    attribute.groups.flatMap(({ group }, position): readonly GroupTask[] => {
      const members = Uint8Array.from(attribute.groupOfRow, (ofRow) => (ofRow === position ? 1 : 0));
      const known = rows.filter((row) => (attribute.groupOfRow[row] ?? -1) >= 0);
      const inGroup = known.filter((row) => members[row] === 1).length;
      return inGroup < minGroupRows || known.length - inGroup < minGroupRows ? [] : [{ attribute, group, members, rows: inGroup }];
    }),
  );
  return { rows, tasks };
};

/** How well boosted trees on the model's own inputs tell each group of a protected attribute from the others, out of fold. */
export const measurePredictability = async (
  pool: FitPool,
  { rows, tasks }: ReturnType<typeof planPredictability>,
  { hyperParameters, numFolds, seed }: PredictabilitySettings,
  meter: WorkMeter,
): Promise<readonly ProtectedPredictability[]> => {
  const judged = await Promise.all(
    tasks.map(async (task) => {
      const known = rows.filter((row) => (task.attribute.groupOfRow[row] ?? -1) >= 0);
      const labels = Uint8Array.from(known, (row) => task.members[row] ?? 0);
      const folds = stratifiedFolds(labels, numFolds, derivedSeed(seed, 6));
      const margins = new Float64Array(known.length);
      await Promise.all(
        Array.from({ length: numFolds }, async (_, fold) => {
          const ofFold = rowsWhere(known.length, (position) => folds[position] === fold);
          const piece = meter.begin();
          const fit = await pool.fitTrees(
            {
              rows: known.filter((_row, position) => folds[position] !== fold),
              stoppingRows: null,
              judgedRows: ofFold.map((position) => known[position] ?? 0),
              columns: null,
              labels: task.members,
              hyperParameters,
              monotoneConstraints: null,
              seed: derivedSeed(seed, 20 + fold),
            },
            piece.onRound,
          );
          piece.done(hyperParameters.numRounds);
          ofFold.forEach((position, index) => (margins[position] = fit.margins[index] ?? Number.NaN));
        }),
      );
      const { value, lower, upper } = rocAucInterval(labels, margins);
      return { task, rocAuc: { value, lower, upper } };
    }),
  );
  const attributes = new Set(judged.map(({ task }) => task.attribute));
  return [...attributes].map((attribute): ProtectedPredictability => {
    const groups = judged.flatMap(({ task, rocAuc }) => (task.attribute === attribute ? [{ group: task.group, rows: task.rows, rocAuc }] : []));
    const total = groups.reduce((sum, group) => sum + group.rows, 0);
    return {
      attribute: attribute.attribute,
      groups,
      meanRocAuc: groups.reduce((sum, group) => sum + (group.rocAuc.value * group.rows) / total, 0),
      rows: rows.length,
      folds: numFolds,
    };
  });
};
