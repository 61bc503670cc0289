import * as fc from 'fast-check';
import { createRandom } from '../statistics/index.ts';
import { measureFairness } from './index.ts';

const failing = (code: string) => expect.objectContaining({ name: 'StatisticsError', code });

/** Calibrated probabilities, two groups of which the second is riskier. */
const drawClients = (rows: number, seed: number, shift: number) => {
  const random = createRandom(seed);
  const groups = Array.from({ length: rows }, () => (random.uniform() < 0.6 ? 'owner' : 'tenant'));
  const probabilities = groups.map((group) => 1 / (1 + Math.exp(2.4 - random.normal() - (group === 'tenant' ? shift : 0))));
  const labels = probabilities.map((probability) => (random.uniform() < probability ? 1 : 0));
  const approvals = probabilities.map((probability) => Number(probability < 1 / 11));
  return { groups, labels, probabilities, approvals };
};

describe('measureFairness', () => {
  it('finds groups that are alike alike, and each calibrated', () => {
    const report = measureFairness(drawClients(8000, 2, 0), { minRows: 50 });
    expect(report.referenceGroup).toBe('owner');
    const [owner, tenant] = report.groups;
    expect(owner).toMatchObject({ isReference: true, comparison: { approvalRatio: null, standardisedMeanDifference: null } });
    expect(tenant?.comparison.fourFifths).toBe('met');
    expect(tenant?.comparison.approvalDifference?.lower).toBeLessThan(0);
    expect(tenant?.comparison.approvalDifference?.upper).toBeGreaterThan(0);
    for (const group of report.groups) {
      expect(group.observedToExpected?.ratio?.lower).toBeLessThan(1);
      expect(group.observedToExpected?.ratio?.upper).toBeGreaterThan(1);
      expect(group.calibrationSlope?.value).toBeCloseTo(1, 0);
      expect(group.rocAuc?.value).toBeGreaterThan(0.6);
    }
  });

  it('tells a group that is approved too seldom, and what its outcomes say', () => {
    const report = measureFairness(drawClients(8000, 2, 1.5), { minRows: 50 });
    const tenant = report.groups.find(({ group }) => group === 'tenant')!;
    expect(tenant.comparison.fourFifths).toBe('not-met');
    expect(tenant.comparison.approvalRatio!.upper).toBeLessThan(0.8);
    expect(tenant.comparison.equalOpportunityDifference!.upper).toBeLessThan(0);
    expect(tenant.comparison.defaultRateDifference!.lower).toBeGreaterThan(0);
    expect(tenant.comparison.standardisedMeanDifference!.lower).toBeGreaterThan(0.5);
    expect(report.equalisedOddsSpread).toBeGreaterThanOrEqual(report.equalOpportunitySpread!);
  });

  it('cannot tell a ratio near four fifths of few rows from it', () => {
    const clients = {
      groups: [...Array<string>(40).fill('many'), ...Array<string>(20).fill('few')],
      labels: Array.from({ length: 60 }, (_, row) => row % 2),
      probabilities: Array<number>(60).fill(0.5),
      approvals: Array.from({ length: 60 }, (_, row) => Number(row < 40 ? row % 4 > 0 : row % 5 > 1)),
    };
    const report = measureFairness(clients, { minRows: 10 });
    const few = report.groups[1]!;
    expect(few.comparison.approvalRatio?.value).toBeCloseTo(0.8, 12);
    expect(few.comparison.fourFifths).toBe('unclear');
    expect(few).toMatchObject({ calibrationSlope: null, rocAuc: { value: 0.5 } });
    expect(report.approvalRateRatio).toBeCloseTo(0.8, 12);
  });

  it('names groups under the floor and judges none of them, and counts clients of unknown group', () => {
    const { groups, ...clients } = drawClients(500, 3, 0);
    const named = groups.map((group, row) => (row < 5 ? 'rare' : row < 20 ? null : group));
    const report = measureFairness({ ...clients, groups: named }, { minRows: 30 });
    expect(report.notJudged).toEqual([{ group: 'rare', rows: 5 }]);
    expect(report.unknownRows).toBe(15);
    expect(report.groups.map(({ group }) => group)).toEqual(['owner', 'tenant']);
    expect(report.groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(480);
  });

  it('does not depend on the order of rows, and turns with the reference group', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const clients = drawClients(200, seed, 0.5);
        const order = clients.labels.map((_, row) => (row * 77) % 200);
        const pick = <Value>(values: readonly Value[]) => order.map((row) => values[row]!);
        const shuffled = {
          groups: pick(clients.groups),
          labels: pick(clients.labels),
          probabilities: pick(clients.probabilities),
          approvals: pick(clients.approvals),
        };
        const report = measureFairness(clients, { minRows: 10, referenceGroup: 'owner' });
        const same = measureFairness(shuffled, { minRows: 10, referenceGroup: 'owner' });
        const turned = measureFairness(clients, { minRows: 10, referenceGroup: 'tenant' });
        const compared = (of: typeof report) => of.groups.find(({ isReference }) => !isReference)!.comparison;
        expect(compared(same).approvalRatio).toEqual(compared(report).approvalRatio);
        expect(compared(same).equalOpportunityDifference).toEqual(compared(report).equalOpportunityDifference);
        expect(compared(turned).approvalDifference!.value).toBeCloseTo(-compared(report).approvalDifference!.value, 12);
        expect(compared(turned).standardisedMeanDifference!.value).toBeCloseTo(-compared(report).standardisedMeanDifference!.value, 12);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses what it cannot judge', () => {
    const clients = drawClients(50, 1, 0);
    expect(() => measureFairness(clients, { minRows: 1 })).toThrow(failing('argument-out-of-range'));
    expect(() => measureFairness(clients, { minRows: 51 })).toThrow(failing('argument-out-of-range'));
    expect(() => measureFairness(clients, { minRows: 5, referenceGroup: 'nobody' })).toThrow(failing('argument-out-of-range'));
    expect(() => measureFairness({ ...clients, groups: ['owner'] }, { minRows: 5 })).toThrow(failing('lengths-differ'));
    expect(() => measureFairness({ ...clients, approvals: clients.probabilities }, { minRows: 5 })).toThrow(failing('label-not-binary'));
  });
});
