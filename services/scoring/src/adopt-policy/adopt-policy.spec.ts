import type { PolicyView } from '@lisible/contracts';
import type { Transactions, UnitOfWork } from '@lisible/platform';
import type { ScoringTables } from '../ledger/tables.ts';
import { PolicyVersions } from '../policies/policy-versions.ts';
import type { PolicyAdoption } from '../policies/policy-versions.ts';
import { trainSmallModel } from '../testing/small-model.ts';
import { AdoptPolicy } from './adopt-policy.ts';

const { manifest } = trainSmallModel('v1', 2);

class FakePolicies extends PolicyVersions {
  inForce: PolicyView | null = null;
  /** Another replica adopted between our look and our insert. */
  isTaken = false;
  readonly adoptions: PolicyAdoption[] = [];
  async find(): Promise<PolicyView | null> {
    return this.inForce;
  }
  async list(): Promise<readonly never[]> {
    return [];
  }
  async adoptNext(): Promise<boolean> {
    return false;
  }
  async adoptFirst(_unit: unknown, adoption: PolicyAdoption): Promise<boolean> {
    if (this.isTaken) return false;
    this.adoptions.push(adoption);
    return true;
  }
}

const world = () => {
  const policies = new FakePolicies();
  const emitted: unknown[] = [];
  const unit = { emit: async (topic: string, message: object) => void emitted.push({ topic, ...message }) } as unknown as UnitOfWork<ScoringTables>;
  const transactions = { run: <T>(work: (open: UnitOfWork<ScoringTables>) => Promise<T>): Promise<T> => work(unit) };
  const clock = { now: () => new Date('2026-11-20T08:00:00.000Z') };
  return { policies, emitted, adoptPolicy: new AdoptPolicy(transactions as unknown as Transactions<ScoringTables>, policies, clock) };
};

describe('adopt-policy', () => {
  it('makes the first champion’s recommendation version 1 and says who and why', async () => {
    const { policies, emitted, adoptPolicy } = world();
    await adoptPolicy.execute(manifest);
    const { recommendedPolicy: policy } = manifest;
    const reason = 'recommended by the first champion, v1';
    expect(policies.adoptions).toEqual([{ policy, adoptedAt: new Date('2026-11-20T08:00:00.000Z'), adoptedBy: 'bootstrap', reason }]);
    expect(emitted).toEqual([
      {
        topic: 'credit.policy.changed.v1',
        subject: policy.policyName,
        cause: `adopt-policy:${policy.policyName}:1`,
        data: { policyName: policy.policyName, policyVersion: 1, policy, changedBy: 'bootstrap', reason },
      },
    ]);
  });

  it('leaves a policy in force alone, and a race lost without a word', async () => {
    const { policies, emitted, adoptPolicy } = world();
    policies.inForce = {
      policyName: 'consumer-credit',
      policyVersion: 4,
      adoptedAt: '2026-11-01T00:00:00.000Z',
      adoptedBy: 'risk-1',
      policy: manifest.recommendedPolicy,
    };
    await adoptPolicy.execute(manifest);
    policies.inForce = null;
    policies.isTaken = true;
    await adoptPolicy.execute(manifest);
    expect([policies.adoptions, emitted]).toEqual([[], []]);
  });
});
