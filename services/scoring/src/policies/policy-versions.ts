import type { Policy, PolicyVersion, PolicyView } from '@lisible/contracts';
import type { UnitOfWork } from '@lisible/platform';
import type { ScoringTables } from '../ledger/tables.ts';

export interface PolicyAdoption {
  readonly policy: Policy;
  readonly adoptedAt: Date;
  /** `bootstrap` or a person's identifier. */
  readonly adoptedBy: string;
  readonly reason: string;
}

/** Port: the versions of the policy; the latest is in force. */
export abstract class PolicyVersions {
  /** Null before the first champion. */
  abstract find(): Promise<PolicyView | null>;
  /** Makes it version 1 unless there is a version already; says whether it did. */
  abstract adoptFirst(unit: UnitOfWork<ScoringTables>, adoption: PolicyAdoption): Promise<boolean>;
  /** Latest first. */
  abstract list(): Promise<readonly PolicyVersion[]>;
  /** Makes it the version after `expectedVersion` if that is the latest; says whether it did. */
  abstract adoptNext(unit: UnitOfWork<ScoringTables>, expectedVersion: number, adoption: PolicyAdoption): Promise<boolean>;
}
