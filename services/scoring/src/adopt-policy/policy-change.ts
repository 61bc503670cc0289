import { policyChangeSchema, policyRuleSchema } from '@lisible/contracts';
import type { PolicyChange } from '@lisible/contracts';
import { amountAwareProblems, policyInputTypes, ruleProblems } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { RejectedError } from '@lisible/platform';
import type { LocalizedFieldProblem } from '@lisible/platform';
import { z } from 'zod';

/**
 * Reads a change of policy whole: what does not have its shape and what has it but makes no sense in this catalogue, together.
 * @throws RejectedError `policy-invalid` with every problem
 */
export const parsePolicyChange = (body: unknown, catalogue: Catalogue): PolicyChange => {
  const parsed = policyChangeSchema.safeParse(body, { error: z.locales.fr().localeError });
  const problems = [...shapeProblems(body, parsed.error?.issues ?? []), ...senseProblems(body, catalogue)];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new RejectedError(
    'policy-invalid',
    {
      fr: problems.length === 1 ? 'Une valeur est à corriger.' : `${problems.length} valeurs sont à corriger.`,
      en: problems.length === 1 ? 'One value has to be put right.' : `${problems.length} values have to be put right.`,
    },
    problems,
  );
};

const shapeProblems = (body: unknown, issues: readonly z.core.$ZodIssue[]): readonly LocalizedFieldProblem[] => {
  const english = policyChangeSchema.safeParse(body, { error: z.locales.en().localeError }).error?.issues ?? [];
  return issues.flatMap((issue, index): LocalizedFieldProblem[] => {
    const message = { fr: issue.message, en: english[index]?.message ?? issue.message };
    // Zod tells unknown keys at the object that holds them; a caller looks for a problem by the key.
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), code: issue.code, message }));
    return [{ field: issue.path.join('.'), code: issue.code, message }];
  });
};

const rulesOf = z.looseObject({ policy: z.looseObject({ rules: z.array(z.unknown()) }) });
const costsOf = z.looseObject({
  policy: policyChangeSchema.shape.policy.pick({ misclassificationCost: true, amountAwareCost: true }).loose(),
});

/** Judges each part that can be read, whatever is wrong with the others. */
const senseProblems = (body: unknown, catalogue: Catalogue): readonly LocalizedFieldProblem[] => {
  const inputs = policyInputTypes(catalogue);
  const codes: string[] = [];
  const rules = rulesOf.safeParse(body).data?.policy.rules ?? [];
  const ofRules = rules.flatMap((candidate, index) => {
    const rule = policyRuleSchema.safeParse(candidate).data;
    if (rule === undefined) return [];
    const found = ruleProblems(rule, `policy.rules.${index}`, codes, inputs);
    codes.push(rule.code);
    return found;
  });
  const costs = costsOf.safeParse(body).data?.policy;
  return [...ofRules, ...(costs === undefined ? [] : amountAwareProblems(costs, catalogue))];
};
