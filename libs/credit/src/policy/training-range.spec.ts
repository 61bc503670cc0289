import { homeCreditCatalogue, homeCreditLender } from '../home-credit/index.ts';
import {
  createOutsideTrainingRangeCounter,
  decide,
  featuresOutsideTrainingRange,
  outsideTrainingRangeInput,
  outsideTrainingRangeInWords,
  recommendPolicy,
} from './index.ts';

const ranges = {
  incomeAmount: { min: 25_000, max: 1_025_000, missingShare: 0 },
  isMobileReachable: { min: 0, max: 0, missingShare: 0 },
  externalScore1: { min: 0, max: 0, missingShare: 1 },
};
const names = ['incomeAmount', 'isMobileReachable', 'externalScore1', 'creditAmount'];

describe('features outside the training range', () => {
  const outside = (values: readonly number[], tolerance?: number) => {
    const named = featuresOutsideTrainingRange(ranges, names, values, tolerance);
    expect(createOutsideTrainingRangeCounter(ranges, names, tolerance)(values)).toBe(named.length);
    return named;
  };

  it('are those past an end by more than a twentieth of the width', () => {
    expect(outside([1_075_000, 0, Number.NaN, 1])).toEqual([]);
    expect(outside([1_075_001, 0, Number.NaN, 1])).toEqual(['incomeAmount']);
    expect(outside([-25_000, 0, Number.NaN, 1])).toEqual([]);
    expect(outside([-25_001, 1, Number.NaN, 1])).toEqual(['incomeAmount', 'isMobileReachable']);
    expect(outside([1_025_001, 0, Number.NaN, 1], 0)).toEqual(['incomeAmount']);
  });

  it('are none where the value is missing, the model has no range, or training knew nothing', () => {
    expect(outside([Number.NaN, Number.NaN, 0.5, 1e9])).toEqual([]);
  });
});

describe('words for them', () => {
  const features = { incomeAmount: 117_000_000, isMobileReachable: 1 };
  const words = (outside: readonly string[]) => outsideTrainingRangeInWords(homeCreditCatalogue, ranges, outside, features, 'EUR');
  const spaced = (text: string): string => text.replaceAll(/[\u00a0\u202f]/gu, ' ');

  it('tell the label, the value and what the model has learnt', () => {
    const { fr, en } = words(['incomeAmount', 'isMobileReachable']);
    expect(spaced(fr)).toContain('(117 000 000 € ; à l’apprentissage, de 25 000 € à 1 025 000 €) et «');
    expect(spaced(fr)).toContain('(oui, jamais vu à l’apprentissage)');
    expect(en).toContain('(€117,000,000; in training, from €25,000 to €1,025,000) and “');
    expect(`${fr}${en}`).not.toMatch(/incomeAmount|isMobileReachable/u);
  });

  it('name three and count the rest', () => {
    const five = ['incomeAmount', 'isMobileReachable', 'incomeAmount', 'incomeAmount', 'incomeAmount'];
    expect(words(five).fr).toMatch(/ et 2 autres valeurs$/u);
    expect(words(five.slice(1)).en).toMatch(/ and 1 other value$/u);
  });

  it('stand in the statement of the rule; without words their number does', () => {
    const policy = recommendPolicy({
      policyName: 'consumer-credit',
      probabilities: [0.1],
      misclassificationCost: homeCreditLender.policy.misclassificationCost,
      reviewCapacity: 0,
      rules: homeCreditLender.policy.rules,
    });
    const application = { probabilityOfDefault: 0.01, policyInputs: { [outsideTrainingRangeInput]: 2 } };
    const told = decide(policy, { ...application, words: { [outsideTrainingRangeInput]: words(['incomeAmount', 'isMobileReachable']) } });
    expect(told).toMatchObject({ proposal: 'approved', decision: 'referred' });
    expect(told.ruleHits.map(({ code }) => code)).toEqual(['OUTSIDE_TRAINING_RANGE']);
    expect(spaced(told.ruleHits[0]!.statement.fr)).toContain('pareilles : « Revenu');
    expect(decide(policy, application).ruleHits[0]?.statement.en).toContain('such values: 2. An advisor');
    expect(decide(policy, { ...application, policyInputs: { [outsideTrainingRangeInput]: 0 } }).ruleHits).toEqual([]);
  });
});
