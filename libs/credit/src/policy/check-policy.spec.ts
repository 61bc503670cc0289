import type { PolicyRule } from '@lisible/contracts';
import { homeCreditCatalogue, homeCreditLender } from '../home-credit/index.ts';
import { amountAwareProblems, policyInputTypes, ruleProblems } from './index.ts';

const inputs = policyInputTypes(homeCreditCatalogue);
const sound: PolicyRule = {
  code: 'LOW',
  condition: { input: 'remainingIncomeAmount', operator: 'less-than', value: 5 },
  effect: 'refer',
  statement: { fr: 'Il reste {remainingIncomeAmount}.', en: '{remainingIncomeAmount} is left.' },
};

describe('rules', () => {
  it('that ship are without fault, and decline before they refer', () => {
    expect(
      homeCreditLender.policy.rules.flatMap((rule, index) =>
        ruleProblems(
          rule,
          `${index}`,
          homeCreditLender.policy.rules.slice(0, index).map(({ code }) => code),
          inputs,
        ),
      ),
    ).toEqual([]);
    const effects = homeCreditLender.policy.rules.map(({ effect }) => effect);
    expect(effects).toEqual([...effects].toSorted());
    for (const { statement } of homeCreditLender.policy.rules) expect(statement.fr).not.toMatch(/ [:;?!»%]/u);
  });

  it('are told everything that is wrong with them at once', () => {
    const faulty: PolicyRule = {
      code: 'low income',
      condition: { input: 'isOfAge', operator: 'less-than', value: 3 },
      effect: 'refer',
      statement: { fr: ' ', en: 'See {annuityToIncome}.' },
    };
    expect(ruleProblems(sound, 'r', [], inputs)).toEqual([]);
    expect(ruleProblems(faulty, 'policy.rules.2', [], inputs).map(({ field, code }) => [field, code])).toEqual([
      ['policy.rules.2.code', 'invalid-code'],
      ['policy.rules.2.condition.value', 'wrong-type'],
      ['policy.rules.2.condition.operator', 'wrong-operator'],
      ['policy.rules.2.statement.fr', 'no-statement'],
      ['policy.rules.2.statement.en', 'wrong-placeholder'],
    ]);
    const unknown = { ...sound, condition: { ...sound.condition, input: 'shoeSize' }, statement: { fr: 'f', en: 'e' } };
    expect(ruleProblems(unknown, 'r', ['LOW'], inputs).map(({ code }) => code)).toEqual(['repeated-code', 'unknown-input']);
  });
});

describe('amount-aware costs', () => {
  const misclassificationCost = { falseNegative: 10, falsePositive: 1 };
  const amountAwareCost = { amountField: 'creditAmount', lossGivenDefault: 0.6, marginRate: 0.1, thresholdBounds: { lower: 0.05, upper: 0.2 } };

  it('weigh an amount of the catalogue, within bounds around the analytic threshold', () => {
    expect(amountAwareProblems({ misclassificationCost }, homeCreditCatalogue)).toEqual([]);
    expect(amountAwareProblems({ misclassificationCost, amountAwareCost }, homeCreditCatalogue)).toEqual([]);
    const wrong = { ...amountAwareCost, amountField: 'annuityToIncome', thresholdBounds: { lower: 0.1, upper: 0.2 } };
    expect(amountAwareProblems({ misclassificationCost, amountAwareCost: wrong }, homeCreditCatalogue).map(({ code }) => code)).toEqual([
      'no-amount',
      'bounds-exclude-threshold',
    ]);
  });
});
