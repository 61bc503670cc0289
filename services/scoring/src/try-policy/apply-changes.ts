import { policyDraftSchema } from '@lisible/contracts';
import type { Policy, PolicyDraft } from '@lisible/contracts';
import { analyticThreshold, defaultThresholdBounds, draftOf } from '@lisible/credit';
import { RejectedError } from '@lisible/platform';

/** What a person changes of a policy, one number at a time; null leaves a part as it is. */
export interface PolicyChanges {
  /** Parts of a draft, whatever was in a file; the numbers below are applied on top. */
  readonly parts: unknown;
  readonly falseNegative: number | null;
  readonly falsePositive: number | null;
  readonly reviewCapacity: number | null;
  readonly lossGivenDefault: number | null;
  readonly marginRate: number | null;
  readonly leastThreshold: number | null;
  readonly greatestThreshold: number | null;
  readonly amountField: string | null;
  /** Back to one threshold for all. */
  readonly isWithoutAmounts: boolean;
}

/** The field that says the amount lent, unless another is named. */
const usualAmountField = 'creditAmount';

/**
 * The policy with the changes, as a person declares it; whether it makes sense is for `parsePolicyChange` to judge.
 * @throws RejectedError `policy-invalid` when `parts` holds something else than parts of a policy, or an amount-aware cost is half said
 */
export const applyChanges = (policy: Policy, changes: PolicyChanges): PolicyDraft => {
  const parsed = policyDraftSchema.partial().safeParse(changes.parts);
  if (!parsed.success) {
    throw new RejectedError(
      'policy-invalid',
      { fr: 'Autre chose que des parties d’une politique :', en: 'Something else than parts of a policy:' },
      parsed.error.issues.map(({ path, code, message }) => ({ field: path.join('.'), code, message: { fr: message, en: message } })),
    );
  }
  const before = draftOf(policy);
  const { misclassificationCost = before.misclassificationCost, reviewCapacity = before.reviewCapacity, rules = before.rules } = parsed.data;
  const costs = {
    falseNegative: changes.falseNegative ?? misclassificationCost.falseNegative,
    falsePositive: changes.falsePositive ?? misclassificationCost.falsePositive,
  };
  const amountAwareCost = amountAwareCostOf(
    (parsed.data.amountAwareCost === undefined ? before.amountAwareCost : parsed.data.amountAwareCost) ?? null,
    costs,
    changes,
  );
  return {
    misclassificationCost: costs,
    reviewCapacity: changes.reviewCapacity ?? reviewCapacity,
    ...(amountAwareCost === null ? {} : { amountAwareCost }),
    rules,
  };
};

type DeclaredAmountCost = NonNullable<PolicyDraft['amountAwareCost']>;

const amountAwareCostOf = (
  before: DeclaredAmountCost | null,
  costs: PolicyDraft['misclassificationCost'],
  { isWithoutAmounts, lossGivenDefault, marginRate, leastThreshold, greatestThreshold, amountField }: PolicyChanges,
): DeclaredAmountCost | null => {
  if (isWithoutAmounts) return null;
  const isAsked = [lossGivenDefault, marginRate, leastThreshold, greatestThreshold, amountField].some((value) => value !== null);
  if (before === null && !isAsked) return null;
  const loss = lossGivenDefault ?? before?.lossGivenDefault;
  const margin = marginRate ?? before?.marginRate;
  if (loss === undefined || margin === undefined) {
    throw new RejectedError('policy-invalid', {
      fr: 'Un seuil selon le montant demande les deux : la part perdue en cas de défaut et la part gagnée quand le prêt est remboursé.',
      en: 'A threshold by amount needs both: the share lost when a loan defaults and the share earned when it is repaid.',
    });
  }
  // Costs that are no costs are told with everything else that is wrong.
  const isCost = costs.falseNegative > 0 && costs.falsePositive > 0;
  const bounds = before?.thresholdBounds ?? (isCost ? defaultThresholdBounds(analyticThreshold(costs)) : { lower: 0.5, upper: 0.5 });
  return {
    amountField: amountField ?? before?.amountField ?? usualAmountField,
    lossGivenDefault: loss,
    marginRate: margin,
    thresholdBounds: { lower: leastThreshold ?? bounds.lower, upper: greatestThreshold ?? bounds.upper },
  };
};
