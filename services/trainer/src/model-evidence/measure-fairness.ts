import { evidenceGroupFloor } from '@lisible/contracts';
import type { ModelEvidence } from '@lisible/contracts';
import { measureFairness } from '@lisible/credit';
import type { ModelStudies } from '../model-studies/model-studies.ts';
import { orNull } from './or-null.ts';

type Fairness = ModelEvidence['fairness'][number];

/** How the model's proposals treat the groups of each protected attribute. Groups under the floor of rows are counted, not shown. */
export const fairnessByAttribute = (
  labels: Uint8Array,
  probabilities: Float64Array,
  { protectedAttributes, protectedPredictability }: Pick<ModelStudies, 'protectedAttributes' | 'protectedPredictability'>,
  decisionThreshold: number,
): readonly Fairness[] => {
  const approvals = Uint8Array.from(probabilities, (probability) => Number(probability < decisionThreshold));
  return protectedAttributes.flatMap(({ attribute, label, groups: known, groupOfRow }): readonly Fairness[] => {
    const groups = Array.from(groupOfRow, (position) => known[position]?.group ?? null);
    // No group reaches the floor: there is nothing that may be shown.
    const report = orNull(() => measureFairness({ groups, labels, probabilities, approvals }, { minRows: evidenceGroupFloor }));
    if (report === null) return [];
    const predictability = protectedPredictability.find((entry) => entry.attribute === attribute);
    const shown = report.groups.flatMap((group): Fairness['groups'] => {
      const { defaultRate, approvalRate, approvalRateAmongRepaid, comparison } = group;
      if (defaultRate.rate === null || approvalRate.rate === null) return [];
      return [
        {
          group: group.group,
          label: known.find((entry) => entry.group === group.group)?.label ?? { fr: group.group, en: group.group },
          rows: group.rows,
          defaulted: group.defaults,
          defaultRate: defaultRate.rate,
          approvalRate: approvalRate.rate,
          approvalRatio: comparison.approvalRatio,
          opportunity: approvalRateAmongRepaid.rate,
          opportunityDifference: comparison.equalOpportunityDifference,
          observedToExpected: group.observedToExpected?.ratio ?? null,
          calibrationSlope: group.calibrationSlope,
          rocAuc: group.rocAuc,
          predictability: predictability?.groups.find((entry) => entry.group === group.group)?.rocAuc ?? null,
        },
      ];
    });
    // In the attribute's own order: age bands from young to old, not by size.
    const position = (name: string): number => known.findIndex(({ group }) => group === name);
    return [
      {
        attribute,
        label,
        referenceGroup: report.referenceGroup,
        groups: shown.toSorted((a, b) => position(a.group) - position(b.group)),
        ...(predictability === undefined ? {} : { predictabilityRows: predictability.rows }),
        rowsNotShown: labels.length - shown.reduce((sum, { rows }) => sum + rows, 0),
      },
    ];
  });
};
