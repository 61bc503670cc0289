import type { Policy } from '@lisible/contracts';
import { policySchema } from '@lisible/contracts';
import * as fc from 'fast-check';
import { homeCreditLender } from '../home-credit/index.ts';
import { analyticThreshold, decide, isInGreyZone, recommendPolicy } from './index.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });

const policyOver = (probabilities: readonly number[], reviewCapacity = homeCreditLender.policy.reviewCapacity): Policy =>
  recommendPolicy({
    policyName: 'consumer-credit',
    probabilities,
    misclassificationCost: homeCreditLender.policy.misclassificationCost,
    reviewCapacity,
    rules: homeCreditLender.policy.rules,
  });

/** 1000 applications evenly spread over 0..0.4. */
const evenly = Array.from({ length: 1000 }, (_, index) => (index + 0.5) / 2500);
const policy = policyOver(evenly);
const adult = { isOfAge: true, annuityToIncome: 0.2 };

describe('threshold', () => {
  it('is 1/11 when an unpaid loan costs ten good clients', () => {
    expect(analyticThreshold(homeCreditLender.policy.misclassificationCost)).toBeCloseTo(1 / 11, 15);
    expect(policy.decisionThreshold).toBe(1 / 11);
  });

  it('makes approving and declining cost the same, whatever the costs', () => {
    const cost = fc.double({ min: 0.01, max: 1000, noNaN: true });
    fc.assert(
      fc.property(cost, cost, (falseNegative, falsePositive) => {
        const threshold = analyticThreshold({ falseNegative, falsePositive });
        expect(threshold * falseNegative).toBeCloseTo((1 - threshold) * falsePositive, 8);
      }),
    );
  });

  it('refuses costs that are not positive', () => {
    for (const falseNegative of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => analyticThreshold({ falseNegative, falsePositive: 1 })).toThrow(expect.objectContaining({ code: 'cost-out-of-range' }));
    }
  });
});

describe('grey zone', () => {
  const inZone = (probabilities: readonly number[], { greyZone }: Policy): number => probabilities.filter((p) => isInGreyZone(greyZone, p)).length;

  it('holds 8 % of the applications, as many on either side of the threshold', () => {
    expect(inZone(evenly, policy)).toBe(80);
    expect(evenly.filter((p) => isInGreyZone(policy.greyZone, p) && p < policy.decisionThreshold)).toHaveLength(40);
  });

  it('lies around the threshold and holds the capacity, but for ties at its ends', () => {
    fc.assert(
      fc.property(fc.array(probability, { minLength: 1, maxLength: 200 }), fc.double({ min: 0, max: 1, noNaN: true }), (probabilities, capacity) => {
        const recommended = policyOver(probabilities, capacity);
        const size = Math.round(capacity * probabilities.length);
        const { lower, upper } = recommended.greyZone ?? { lower: recommended.decisionThreshold, upper: recommended.decisionThreshold };
        const held = inZone(probabilities, recommended);
        const areAllDistinct = new Set([...probabilities, recommended.decisionThreshold]).size === probabilities.length + 1;
        expect(recommended.greyZone === null).toBe(size === 0);
        expect(lower).toBeLessThanOrEqual(recommended.decisionThreshold);
        expect(upper).toBeGreaterThanOrEqual(recommended.decisionThreshold);
        expect(held).toBeGreaterThanOrEqual(size);
        expect(held).toBeLessThanOrEqual(areAllDistinct ? size : probabilities.length);
      }),
    );
  });

  it('takes from the other side what one side lacks', () => {
    const allBelow = Array.from({ length: 100 }, (_, index) => index / 2000);
    expect(inZone(allBelow, policyOver(allBelow))).toBe(8);
    const allAbove = Array.from({ length: 100 }, (_, index) => 0.5 + index / 500);
    expect(inZone(allAbove, policyOver(allAbove))).toBe(8);
  });

  it('is absent when nobody can review', () => {
    expect(policyOver(evenly, 0).greyZone).toBeNull();
  });

  it('refuses no probability, impossible ones, impossible capacities', () => {
    expect(() => policyOver([])).toThrow(expect.objectContaining({ code: 'no-probability' }));
    expect(() => policyOver([0.1, Number.NaN])).toThrow(expect.objectContaining({ code: 'probability-out-of-range' }));
    expect(() => policyOver([0.1], 1.1)).toThrow(expect.objectContaining({ code: 'capacity-out-of-range' }));
  });
});

it('a recommended policy is one that contracts know', () => {
  expect(policySchema.parse(policy)).toEqual(policy);
});

describe('decide', () => {
  it('follows the proposal outside the grey zone, and refers inside it', () => {
    expect(decide(policy, { probabilityOfDefault: 0.01, policyInputs: adult })).toMatchObject({
      proposal: 'approved',
      decision: 'approved',
      ruleHits: [],
    });
    expect(decide(policy, { probabilityOfDefault: 0.3, policyInputs: adult })).toMatchObject({
      proposal: 'declined',
      decision: 'declined',
      ruleHits: [],
    });
    expect(decide(policy, { probabilityOfDefault: 0.09, policyInputs: adult })).toMatchObject({ proposal: 'approved', decision: 'referred' });
    expect(decide(policy, { probabilityOfDefault: 0.092, policyInputs: adult })).toMatchObject({ proposal: 'declined', decision: 'referred' });
  });

  it('declines from the threshold on, itself included', () => {
    const withoutZone = policyOver(evenly, 0);
    expect(decide(withoutZone, { probabilityOfDefault: withoutZone.decisionThreshold, policyInputs: adult }).decision).toBe('declined');
    expect(decide(withoutZone, { probabilityOfDefault: withoutZone.decisionThreshold - 1e-12, policyInputs: adult }).decision).toBe('approved');
  });

  it('a declining rule overrides an approved proposal, which is still told', () => {
    const outcome = decide(policy, { probabilityOfDefault: 0.01, policyInputs: { ...adult, isOfAge: false } });
    expect(outcome).toMatchObject({ proposal: 'approved', decision: 'declined' });
    expect(outcome.ruleHits.map(({ code }) => code)).toEqual(['UNDER_AGE']);
  });

  it('a referring rule sends a clear case to a person, but does not save a declined rule', () => {
    expect(decide(policy, { probabilityOfDefault: 0.01, policyInputs: { isOfAge: true, annuityToIncome: 1.2 } })).toMatchObject({
      proposal: 'approved',
      decision: 'referred',
    });
    const both = decide(
      { ...policy, rules: policy.rules.toReversed() },
      { probabilityOfDefault: 0.01, policyInputs: { isOfAge: false, annuityToIncome: 1.2 } },
    );
    expect(both.decision).toBe('declined');
    expect(both.ruleHits.map(({ effect }) => effect)).toEqual(['decline', 'refer']);
  });

  it('does not let silence pay: an application that says next to nothing goes to a person', () => {
    const outcome = decide(policy, { probabilityOfDefault: 0.01, policyInputs: { ...adult, knownFieldShare: 0.05 } });
    expect(outcome).toMatchObject({ proposal: 'approved', decision: 'referred' });
    expect(outcome.ruleHits.map(({ code }) => code)).toEqual(['TOO_LITTLE_KNOWN']);
    expect(decide(policy, { probabilityOfDefault: 0.01, policyInputs: { ...adult, knownFieldShare: 0.47 } }).decision).toBe('approved');
  });

  it('a missing input, or one of another type, never meets a rule', () => {
    for (const policyInputs of [{}, { isOfAge: null, annuityToIncome: null }, { isOfAge: 0, annuityToIncome: true }]) {
      expect(decide(policy, { probabilityOfDefault: 0.01, policyInputs }).ruleHits).toEqual([]);
    }
  });

  it('a limit itself does not exceed the limit', () => {
    expect(decide(policy, { probabilityOfDefault: 0.01, policyInputs: { isOfAge: true, annuityToIncome: 0.5 } }).ruleHits).toEqual([]);
    const under: Policy = {
      ...policy,
      rules: [
        { code: 'LOW', condition: { input: 'remaining', operator: 'less-than', value: 100 }, effect: 'refer', statement: { fr: 'f', en: 'e' } },
      ],
    };
    expect(decide(under, { probabilityOfDefault: 0.01, policyInputs: { remaining: 100 } }).ruleHits).toEqual([]);
    expect(decide(under, { probabilityOfDefault: 0.01, policyInputs: { remaining: 99 } }).ruleHits).toHaveLength(1);
  });

  it('the proposal is the model’s own whatever the inputs', () => {
    fc.assert(
      fc.property(
        probability,
        fc.option(fc.boolean()),
        fc.option(fc.double({ min: 0, max: 3, noNaN: true })),
        (probabilityOfDefault, isOfAge, annuityToIncome) => {
          const outcome = decide(policy, { probabilityOfDefault, policyInputs: { isOfAge, annuityToIncome } });
          expect(outcome.proposal).toBe(probabilityOfDefault >= 1 / 11 ? 'declined' : 'approved');
          const isDeclinedByRule = outcome.ruleHits.some(({ effect }) => effect === 'decline');
          const isReferred = outcome.ruleHits.length > 0 || isInGreyZone(policy.greyZone, probabilityOfDefault);
          expect(outcome.decision).toBe(isDeclinedByRule ? 'declined' : isReferred ? 'referred' : outcome.proposal);
        },
      ),
    );
  });

  it('refuses what is no probability', () => {
    expect(() => decide(policy, { probabilityOfDefault: Number.NaN, policyInputs: adult })).toThrow(
      expect.objectContaining({ code: 'probability-out-of-range' }),
    );
  });
});
