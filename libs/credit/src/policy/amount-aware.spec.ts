import { policySchema, type AmountAwareCost, type Policy, type PolicyDraft } from '@lisible/contracts';
import { logit } from '@lisible/tree-ensemble';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import {
  amountAwareCosts,
  amountAwareThreshold,
  analyticThreshold,
  comparePolicies,
  completePolicy,
  decide,
  draftOf,
  isInGreyZone,
  policyEffect,
  type PolicyRow,
} from './index.ts';

const golden = JSON.parse(readFileSync(new URL('../../golden/policy.golden.json', import.meta.url), 'utf8'));
const rows: readonly PolicyRow[] = golden.rows.map(
  ([probabilityOfDefault, creditAmount, annuityToIncome, defaulted]: [number, number, number, 0 | 1]) => ({
    probabilityOfDefault,
    policyInputs: { creditAmount, annuityToIncome },
    defaulted,
  }),
);
const plainDraft: PolicyDraft = {
  misclassificationCost: { falseNegative: 10, falsePositive: 1 },
  reviewCapacity: golden.reviewCapacity,
  rules: [
    {
      code: 'DEBT_RATIO_TOO_HIGH',
      condition: { input: 'annuityToIncome', operator: 'greater-than', value: 0.5 },
      effect: 'refer',
      statement: { fr: 'Trop.', en: 'Too much.' },
    },
  ],
};
const draft: PolicyDraft = {
  ...plainDraft,
  amountAwareCost: {
    amountField: 'creditAmount',
    lossGivenDefault: golden.lossGivenDefault,
    marginRate: golden.marginRate,
    thresholdBounds: golden.thresholdBounds,
  },
};
const plain = completePolicy('consumer-credit', plainDraft, rows);
const policy = completePolicy('consumer-credit', draft, rows);
const costOf = (changes: Partial<AmountAwareCost> = {}): AmountAwareCost => ({
  amountField: 'creditAmount',
  lossGivenDefault: golden.lossGivenDefault,
  marginRate: golden.marginRate,
  averageAmount: golden.averageAmount,
  averageDefaultRate: golden.averageDefaultRate,
  thresholdBounds: { lower: 1e-9, upper: 1 - 1e-9 },
  ...changes,
});
const closeTo = (expected: number): unknown => expect.closeTo(expected, 9 - Math.ceil(Math.log10(Math.max(1, Math.abs(expected)))));

describe('costs of one loan', () => {
  it('are those of the published matrix, from the present value of the instalments (golden)', () => {
    for (const { amount, averageDefaultRate, falsePositive, falseNegative, threshold } of golden.cases) {
      const cost = costOf({ averageDefaultRate });
      const costs = amountAwareCosts(cost, amount);
      expect(costs.falseNegative).toBeCloseTo(falseNegative, 6);
      expect(Math.abs(costs.falsePositive - falsePositive)).toBeLessThanOrEqual(1e-9 * Math.max(1, falsePositive));
      expect(amountAwareThreshold(cost, amount)).toBeCloseTo(Math.max(1e-9, threshold), 9);
    }
    // Both ways: a refusal that costs, and one that would have been a gain.
    expect(golden.cases.some(({ falsePositive }: { falsePositive: number }) => falsePositive === 0)).toBe(true);
  });

  it('with an average borrower who brings neither profit nor loss, are proportional: the analytic threshold, whatever the amount', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.double({ min: 1, max: 1e8, noNaN: true }), (lossGivenDefault, marginRate, amount) => {
        const averageDefaultRate = marginRate / (marginRate + lossGivenDefault);
        const threshold = amountAwareThreshold(costOf({ lossGivenDefault, marginRate, averageDefaultRate, averageAmount: 1 }), amount);
        expect(threshold).toBeCloseTo(analyticThreshold({ falseNegative: lossGivenDefault, falsePositive: marginRate }), 9);
      }),
    );
  });

  it('of a greater loan never give a more lenient threshold while an average borrower costs', () => {
    const amount = fc.double({ min: 1, max: 1e8, noNaN: true });
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const [small, great] = [Math.min(a, b), Math.max(a, b)];
        expect(amountAwareThreshold(costOf(), great)).toBeLessThanOrEqual(amountAwareThreshold(costOf(), small) + 1e-15);
      }),
    );
  });
});

describe('an amount-aware policy', () => {
  it('measures what nobody types, and is one that contracts know', () => {
    expect(policySchema.parse(policy)).toEqual(policy);
    expect(policy.amountAwareCost?.averageAmount).toBeCloseTo(golden.averageAmount, 6);
    expect(policy.amountAwareCost?.averageDefaultRate).toBeCloseTo(golden.averageDefaultRate, 12);
    expect(policy.greyZone?.lower).toBeCloseTo(golden.greyZone.lower, 9);
    expect(policy.greyZone?.upper).toBeCloseTo(golden.greyZone.upper, 9);
    expect(draftOf(policy)).toEqual(draft);
  });

  it('gives each application the threshold of its amount (golden)', () => {
    const thresholds = rows.map((row) => decide(policy, row).decisionThreshold);
    expect(thresholds).toEqual(golden.thresholds.map(closeTo));
  });

  it('moves the grey zone along, as far in log-odds as the policy’s own, and keeps its capacity', () => {
    const { greyZone, decisionThreshold } = policy;
    for (const row of rows) {
      const own = decide(policy, row);
      expect(logit(own.greyZone!.lower) - logit(own.decisionThreshold)).toBeCloseTo(logit(greyZone!.lower) - logit(decisionThreshold), 9);
      expect(logit(own.greyZone!.upper) - logit(own.decisionThreshold)).toBeCloseTo(logit(greyZone!.upper) - logit(decisionThreshold), 9);
    }
    const held = rows.filter((row) => isInGreyZone(decide(policy, row).greyZone, row.probabilityOfDefault)).length;
    expect(held).toBe(golden.reviewCapacity * rows.length);
  });

  it('falls back on the analytic threshold where there is no amount', () => {
    for (const creditAmount of [null, 0, -5, Number.NaN, true]) {
      const outcome = decide(policy, { probabilityOfDefault: 0.05, policyInputs: { creditAmount } });
      expect([outcome.decisionThreshold, outcome.greyZone]).toEqual([1 / 11, policy.greyZone]);
    }
    expect(decide(policy, { probabilityOfDefault: 0.05, policyInputs: {} }).decisionThreshold).toBe(1 / 11);
  });

  it('without amount-aware costs, said or unsaid, is the policy of one threshold', () => {
    for (const row of rows) expect(decide({ ...plain, amountAwareCost: null }, row)).toEqual(decide(plain, row));
  });

  it('needs amounts with both outcomes to know the average borrower', () => {
    const repaid = rows.filter(({ defaulted }) => defaulted === 0);
    expect(() => completePolicy('p', draft, repaid)).toThrow(expect.objectContaining({ code: 'no-amount' }));
    expect(() =>
      completePolicy(
        'p',
        draft,
        rows.map((row) => ({ ...row, policyInputs: {} })),
      ),
    ).toThrow(expect.objectContaining({ code: 'no-amount' }));
  });
});

const anyPolicy = fc
  .record({
    falseNegative: fc.double({ min: 1, max: 30, noNaN: true }),
    reviewCapacity: fc.double({ min: 0, max: 0.5, noNaN: true }),
    lossGivenDefault: fc.double({ min: 0.05, max: 1, noNaN: true }),
    marginRate: fc.double({ min: 0.005, max: 0.5, noNaN: true }),
    isAmountAware: fc.boolean(),
  })
  .map(({ falseNegative, reviewCapacity, lossGivenDefault, marginRate, isAmountAware }): Policy => {
    const declared = { ...plainDraft, misclassificationCost: { falseNegative, falsePositive: 1 }, reviewCapacity };
    const threshold = analyticThreshold(declared.misclassificationCost);
    const amountAwareCost = {
      amountField: 'creditAmount',
      lossGivenDefault,
      marginRate,
      thresholdBounds: { lower: threshold / 2, upper: Math.min(threshold * 2, 0.9) },
    };
    return completePolicy('consumer-credit', isAmountAware ? { ...declared, amountAwareCost } : declared, rows);
  });

describe('whatever the policy', () => {
  it('a higher probability never turns a decline into anything better, nor a referral into an approval', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    const severity = { approved: 0, referred: 1, declined: 2 };
    fc.assert(
      fc.property(anyPolicy, probability, probability, fc.integer({ min: 0, max: rows.length - 1 }), (any, a, b, index) => {
        const policyInputs = rows[index]!.policyInputs;
        const [lower, higher] = [Math.min(a, b), Math.max(a, b)].map((probabilityOfDefault) => decide(any, { probabilityOfDefault, policyInputs }));
        expect(severity[higher!.decision]).toBeGreaterThanOrEqual(severity[lower!.decision]);
        expect(severity[higher!.proposal]).toBeGreaterThanOrEqual(severity[lower!.proposal]);
      }),
    );
  });

  it('the shares of its effect add to 1, and its changes to what does not agree', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (inForce, tried) => {
        const { approved, referred, declined, rules } = policyEffect(tried, rows);
        expect(approved.count + referred.count + declined.count).toBe(rows.length);
        expect(approved.value + referred.value + declined.value).toBeCloseTo(1, 12);
        for (const share of [approved, referred, declined, ...rules.map(({ hits }) => hits)]) {
          expect(share.lower).toBeLessThanOrEqual(share.value);
          expect(share.upper).toBeGreaterThanOrEqual(share.value);
        }
        const { agreement, flips } = comparePolicies(inForce, tried, rows);
        expect(flips.reduce((sum, flip) => sum + flip.rows.count, agreement.count)).toBe(rows.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('effect', () => {
  it('is what an independent count makes of the same rows (golden)', () => {
    const effect = policyEffect(policy, rows);
    const { ruleHits, ...shares } = golden.effect;
    for (const [name, expected] of Object.entries<Record<string, number>>(shares)) {
      const close = Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, closeTo(value)]));
      expect([name, effect]).toEqual([name, expect.objectContaining({ [name]: close })]);
    }
    expect(effect.rules.map(({ code, hits }) => [code, hits.count])).toEqual([['DEBT_RATIO_TOO_HIGH', ruleHits.count]]);
    expect(effect.rules[0]?.decisive).toBeLessThan(ruleHits.count);
  });

  it('of a change is told by direction, with the difference of costs row by row (golden)', () => {
    const { agreement, flips, costDifference, amountAwareCostDifference } = comparePolicies(plain, policy, rows);
    expect(agreement.count).toBe(golden.comparison.agreement.count);
    expect(Object.fromEntries(flips.map(({ from, to, rows: { count } }) => [`${from} ${to}`, count]))).toEqual(golden.comparison.flips);
    for (const [measured, expected] of [
      [costDifference, golden.comparison.costDifference],
      [amountAwareCostDifference, golden.comparison.amountAwareCostDifference],
    ])
      expect(measured).toEqual(Object.fromEntries(Object.entries<number>(expected).map(([key, value]) => [key, closeTo(value)])));
  });

  it('of no change is none', () => {
    const { agreement, flips, costDifference } = comparePolicies(policy, policy, rows);
    expect([agreement.value, flips, costDifference]).toEqual([1, [], { value: 0, lower: 0, upper: 0 }]);
  });

  it('needs a row, and says so of nobody approved', () => {
    expect(() => policyEffect(policy, [])).toThrow(expect.objectContaining({ code: 'no-probability' }));
    const bad: PolicyRow = { probabilityOfDefault: 0.9, policyInputs: {}, defaulted: 1 };
    expect(policyEffect(plain, [bad])).toMatchObject({ defaultRateAmongApproved: null, amountAwareCostPerApplication: null, declined: { value: 1 } });
  });
});
