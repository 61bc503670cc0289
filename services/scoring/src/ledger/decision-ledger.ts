import type { Decision, FeatureValues } from '@lisible/contracts';
import type { UnitOfWork } from '@lisible/platform';
import type { ScoringTables } from './tables.ts';

/** A decision and what it was made from. */
export interface LedgerEntry {
  readonly decision: Decision;
  readonly features: FeatureValues;
  readonly policyInputs: Readonly<Record<string, number | boolean | null>>;
  readonly catalogueVersion: string;
  readonly currency: string;
}

export type DecisionSummary = Pick<Decision, 'applicationId' | 'probabilityOfDefault' | 'proposal' | 'decision'>;

/** Port: one decision per applicationId, for ever. */
export abstract class DecisionLedger {
  /** Inserts those whose applicationId has no decision yet and says which they were. */
  abstract record(unit: UnitOfWork<ScoringTables>, entries: readonly LedgerEntry[]): Promise<ReadonlySet<string>>;
  abstract find(applicationId: string): Promise<Decision | null>;
  /** Those that exist, in no order. */
  abstract lookup(applicationIds: readonly string[]): Promise<readonly DecisionSummary[]>;
}
