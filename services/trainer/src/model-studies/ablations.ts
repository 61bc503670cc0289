import { compareRocAuc, logLoss, rocAuc, tablesBehind } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { sigmoid } from '@lisible/tree-ensemble';
import type { HyperParameters } from '@lisible/tree-ensemble';
import type { FitPool } from '../fit-pool/fit-pool.ts';
import { fitFolds, gatherMargins } from '../train-model/fit-folds.ts';
import type { FoldPlan, LabelledMatrix } from '../train-model/fold-plan.ts';
import { pick, pickNumbers, rowsWhere } from '../train-model/fold-plan.ts';
import type { WorkMeter } from '../train-model/work-meter.ts';
import type { Ablation, AblationStudy } from './model-studies.ts';

/** The table that every application comes from, whose features read no history. */
export const applicationTable = 'application';

export type FeatureGroup = Pick<Ablation, 'kind' | 'group' | 'featureNames'>;

/** Features told as one reason, and features that read one raw table; a group that holds every feature leaves nothing to compare. */
export const featureGroups = (catalogue: Catalogue, featureNames: readonly string[]): readonly FeatureGroup[] => {
  const features = catalogue.features.filter(({ name }) => featureNames.includes(name));
  const groups: FeatureGroup[] = catalogue.reasonGroups.map(({ code }) => ({
    kind: 'reason-group',
    group: code,
    featureNames: features.filter(({ reasonCode }) => reasonCode === code).map(({ name }) => name),
  }));
  const tablesOf = new Map(features.map((feature) => [feature.name, tablesBehind(catalogue, feature)]));
  const tables = new Set([...tablesOf.values()].flatMap((behind) => [...behind]));
  for (const table of tables)
    groups.push({
      kind: 'raw-table',
      group: table,
      featureNames: features.map(({ name }) => name).filter((name) => tablesOf.get(name)?.has(table) === true),
    });
  groups.push({
    kind: 'raw-table',
    group: applicationTable,
    featureNames: features.map(({ name }) => name).filter((name) => tablesOf.get(name)?.size === 0),
  });
  return groups.filter(({ featureNames: names }) => names.length > 0 && names.length < featureNames.length);
};

export interface AblationSettings {
  readonly groups: readonly FeatureGroup[];
  readonly hyperParameters: HyperParameters;
  readonly monotoneConstraints: Int8Array | null;
  readonly numFolds: number;
}

export const numAblationFits = ({ groups, numFolds }: Pick<AblationSettings, 'groups' | 'numFolds'>): number => (groups.length + 1) * numFolds;

/** What each group of features is worth: the model without it against the model with it, on the same rows of some of the folds. */
export const ablate = async (
  pool: FitPool,
  { labels, featureNames }: LabelledMatrix,
  plan: FoldPlan,
  { groups, hyperParameters, monotoneConstraints, numFolds }: AblationSettings,
  meter: WorkMeter,
): Promise<AblationStudy> => {
  const folds = Array.from({ length: Math.min(numFolds, plan.numFolds) }, (_, fold) => fold);
  const judged = rowsWhere(labels.length, (row) => folds.includes(plan.folds[row] ?? -1));
  const outcomes = pick(labels, judged);
  const judgeWithout = async (left: ReadonlySet<string>): Promise<Float64Array> => {
    const columns = Uint32Array.from(featureNames.keys()).filter((column) => !left.has(featureNames[column] ?? ''));
    const fits = await fitFolds(pool, plan, { settingsOf: () => hyperParameters, monotoneConstraints, columns, folds }, meter);
    return pickNumbers(gatherMargins(labels.length, fits), judged);
  };
  const [whole, ...without] = await Promise.all([judgeWithout(new Set()), ...groups.map(({ featureNames: names }) => judgeWithout(new Set(names)))]);
  const lossOf = (margins: Float64Array): number => logLoss(outcomes, margins.map(sigmoid));
  return {
    folds,
    judgedRows: judged.length,
    rocAuc: rocAuc(outcomes, whole),
    ablations: groups.map((group, index): Ablation => {
      const margins = without[index] ?? whole;
      return { ...group, rocAucChange: compareRocAuc(outcomes, margins, whole).difference, logLossChange: lossOf(margins) - lossOf(whole) };
    }),
  };
};
