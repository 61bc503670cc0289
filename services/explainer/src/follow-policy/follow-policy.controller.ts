import { topics } from '@lisible/contracts';
import type { PolicyChanged } from '@lisible/contracts';
import { SharedSubscription } from '@lisible/platform';
import type { CommitHalf, EventBatch } from '@lisible/platform';
import { Controller, Inject } from '@nestjs/common';
import { PolicyRecords } from '../records/policy-records.ts';

/**
 * Keeps scoring's policy versions. Shared, not broadcast: no artefact holds the policy in force and services do not
 * call each other, so a restarted explainer could not ask for what it missed.
 */
@Controller()
export class FollowPolicyController {
  constructor(@Inject(PolicyRecords) private readonly policies: PolicyRecords) {}

  @SharedSubscription(topics.policyChanged)
  async policyChanged({ events }: EventBatch<PolicyChanged>): Promise<CommitHalf> {
    return (unit) =>
      this.policies.record(
        unit,
        events.filter((event) => unit.isNew(event)).map(({ data }) => data),
      );
  }
}
