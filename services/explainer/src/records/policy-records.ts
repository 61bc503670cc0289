import type { Policy, PolicyChanged } from '@lisible/contracts';
import type { UnitOfWork } from '@lisible/platform';
import type { ExplainerTables } from './tables.ts';

export interface PolicyInForce {
  readonly policyName: string;
  readonly policyVersion: number;
  readonly policy: Policy;
}

/** Port: what scoring announced of its policy. */
export abstract class PolicyRecords {
  abstract record(unit: UnitOfWork<ExplainerTables>, changes: readonly PolicyChanged[]): Promise<void>;
  /** The greatest version known; null before the first was announced. */
  abstract find(): Promise<PolicyInForce | null>;
}
