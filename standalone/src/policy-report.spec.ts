import type { Policy } from '@lisible/contracts';
import type { PolicyTrial } from '@lisible/scoring';
import { historyLines, policyReport } from './policy-report.ts';
import type { TitledPolicy } from './policy-report.ts';

const share = (count: number, value: number) => ({ count, value, lower: value - 0.01, upper: value + 0.01 });
const policy: Policy = {
  policyName: 'consumer-credit',
  misclassificationCost: { falseNegative: 10, falsePositive: 1 },
  decisionThreshold: 1 / 11,
  reviewCapacity: 0.08,
  greyZone: { lower: 0.08, upper: 0.1 },
  rules: [],
};
const judged = (title: string, changes: Partial<TitledPolicy> = {}): TitledPolicy => ({
  title,
  policy,
  declared: policy,
  effect: {
    rows: 2000,
    approved: share(1200, 0.6),
    referred: share(300, 0.15),
    declined: share(500, 0.25),
    referredByGreyZone: share(160, 0.08),
    declinedByRule: share(2, 0.001),
    defaultRateAmongApproved: share(48, 0.04),
    costPerApplication: { value: 0.5353, lower: 0.5, upper: 0.57 },
    amountAwareCostPerApplication: null,
    thresholds: { least: 1 / 11, median: 1 / 11, greatest: 1 / 11 },
    rules: [{ code: 'UNDER_AGE', effect: 'decline', hits: share(2, 0.001), decisive: 1, defaultRate: null }],
  },
  ...changes,
});
const comparison: PolicyTrial['comparison'] = {
  agreement: share(1900, 0.95),
  flips: [{ from: 'declined', to: 'approved', rows: share(100, 0.05), defaultRate: share(9, 0.09) }],
  costDifference: { value: -0.01, lower: -0.02, upper: 0 },
  amountAwareCostDifference: null,
};

describe('a policy’s effect as a person reads it', () => {
  it('stands side by side, one line a fact, with intervals', () => {
    const lines = policyReport([judged('in force (version 1)'), judged('changed')], comparison);
    expect(lines[0]).toMatch(/^ +in force \(version 1\) +changed$/);
    const line = (start: string): string => lines.find((text) => text.startsWith(start)) ?? '';
    expect(line('threshold').replaceAll(/ +/g, ' ')).toBe('threshold 9.09 % 9.09 %');
    expect(line('approved')).toContain('60.0 % (59.0–61.0 %)');
    expect(line('cost per application (10 : 1)')).toContain('0.5353 (0.5000 to 0.5700)');
    expect(line('  UNDER_AGE').replaceAll(/ +/g, ' ')).toBe(' UNDER_AGE decline 2 (0.10 %) 1');
    expect(line('  declined → approved')).toContain('100 (5.00 %)');
    expect(lines).toContain('Cost per application changes by −0.0100 (−0.0200 to 0.0000).');
    expect(lines.some((text) => text.startsWith('By amount') || text.startsWith('cost per application by amount'))).toBe(false);
    // Columns begin where their heading does.
    expect(new Set(lines.slice(0, 12).map((text) => text[(lines[0] ?? '').indexOf('changed') - 1] ?? ' '))).toEqual(new Set([' ']));
  });

  it('tells thresholds and costs by amount where the change weighs amounts', () => {
    const amountAwareCost = {
      amountField: 'creditAmount',
      lossGivenDefault: 0.6,
      marginRate: 0.05,
      averageAmount: 600_000,
      averageDefaultRate: 0.08,
      thresholdBounds: { lower: 0.05, upper: 0.2 },
    };
    const { effect } = judged('x');
    const changed = judged('changed', {
      policy: { ...policy, amountAwareCost },
      effect: {
        ...effect,
        thresholds: { least: 0.05, median: 0.08, greatest: 0.2 },
        amountAwareCostPerApplication: { value: 17_523.4, lower: 16_753, upper: 18_293 },
      },
    });
    const lines = policyReport([judged('in force'), changed], {
      ...comparison,
      amountAwareCostDifference: { value: -48.9, lower: -358, upper: 261 },
    });
    expect(lines.find((text) => text.startsWith('threshold'))).toContain('by amount: 5.0 % to 20.0 %, median 8.0 %');
    expect(lines.find((text) => text.startsWith('cost per application by amount'))).toContain('17,523 (16,753 to 18,293)');
    expect(lines).toContain('By amount it changes by −49 (−358 to 261).');
  });

  it('has a history, latest first', () => {
    const version = {
      policyName: 'consumer-credit',
      policyVersion: 1,
      adoptedAt: '2026-11-01T00:00:00.000Z',
      adoptedBy: 'bootstrap',
      policy,
      reason: 'first',
    };
    expect(historyLines([{ ...version, policyVersion: 2, adoptedBy: 'scripts', reason: 'Spring.' }, version])).toEqual([
      'version 2  2026-11-01T00:00:00.000Z  scripts    Spring.',
      'version 1  2026-11-01T00:00:00.000Z  bootstrap  first',
    ]);
  });
});
