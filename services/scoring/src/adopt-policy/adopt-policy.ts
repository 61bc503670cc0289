import { topics } from '@lisible/contracts';
import type { ModelManifest } from '@lisible/contracts';
import { CLOCK, TRANSACTIONS } from '@lisible/platform';
import type { Clock, Transactions } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ScoringTables } from '../ledger/tables.ts';
import { PolicyVersions } from '../policies/policy-versions.ts';

const adoptedBy = 'bootstrap';

/** Where no policy is in force, the first champion's recommendation becomes version 1; later manifests only recommend. */
@Injectable()
export class AdoptPolicy {
  constructor(
    @Inject(TRANSACTIONS) private readonly transactions: Transactions<ScoringTables>,
    @Inject(PolicyVersions) private readonly policies: PolicyVersions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ modelVersion, recommendedPolicy: policy }: ModelManifest): Promise<void> {
    if ((await this.policies.find()) !== null) return;
    const reason = `recommended by the first champion, ${modelVersion}`;
    await this.transactions.run(async (unit) => {
      const isAdopted = await this.policies.adoptFirst(unit, { policy, adoptedAt: this.clock.now(), adoptedBy, reason });
      if (!isAdopted) return;
      await unit.emit(topics.policyChanged, {
        subject: policy.policyName,
        data: { policyName: policy.policyName, policyVersion: 1, policy, changedBy: adoptedBy, reason },
        cause: `adopt-policy:${policy.policyName}:1`,
      });
    });
  }
}
