import type { ModelEvidence, Policy } from '@lisible/contracts';
import { decide, isInGreyZone, policyEffect, wilsonInterval } from '@lisible/credit';
import type { PolicyInputs, PolicyRow } from '@lisible/credit';

type PolicyEvidence = ModelEvidence['policyEffect'];

/** What the recommended policy does to the labelled rows, by their out-of-fold estimates. */
export const measurePolicy = (
  policy: Policy,
  labels: Uint8Array,
  probabilities: Float64Array,
  policyInputs: readonly PolicyInputs[] | null,
): PolicyEvidence => {
  const total = labels.length;
  const rows = Array.from(labels, (label, row): PolicyRow => ({
    probabilityOfDefault: probabilities[row] ?? Number.NaN,
    policyInputs: policyInputs?.[row] ?? {},
    defaulted: label === 1 ? 1 : 0,
  }));
  const decided = rows.map((row) => ({ row, ...decide(policy, row) }));
  const group = (some: readonly { readonly row: PolicyRow }[]): PolicyEvidence['proposals']['approved'] => ({
    rows: some.length,
    share: some.length / total,
    defaultRate:
      some.length === 0
        ? null
        : wilsonInterval(
            some.reduce((sum, { row }) => sum + row.defaulted, 0),
            some.length,
          ),
  });
  const effects = policyInputs === null ? null : policyEffect(policy, rows).rules;
  const { greyZone } = policy;
  return {
    rows: total,
    decisionThreshold: policy.decisionThreshold,
    greyZone:
      greyZone === null
        ? null
        : {
            ...greyZone,
            declaredCapacity: policy.reviewCapacity,
            ...group(decided.filter(({ row, greyZone: own }) => isInGreyZone(own, row.probabilityOfDefault))),
          },
    proposals: {
      approved: group(decided.filter(({ proposal }) => proposal === 'approved')),
      declined: group(decided.filter(({ proposal }) => proposal === 'declined')),
    },
    decisions:
      policyInputs === null
        ? null
        : {
            approved: group(decided.filter(({ decision }) => decision === 'approved')),
            referred: group(decided.filter(({ decision }) => decision === 'referred')),
            declined: group(decided.filter(({ decision }) => decision === 'declined')),
          },
    rules: policy.rules.map(({ code, effect, statement }, index) => ({
      code,
      effect,
      statement,
      rows: effects?.[index]?.hits.count ?? null,
      decisive: effects?.[index]?.decisive ?? null,
    })),
  };
};
