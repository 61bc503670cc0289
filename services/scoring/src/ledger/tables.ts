import type { DecisionOutcome, Proposal } from '@lisible/contracts';
import type { ColumnType } from 'kysely';

type Fixed<Selected, Inserted = Selected> = ColumnType<Selected, Inserted, never>;
/** Goes in as JSON text, comes out parsed. */
type Json = Fixed<unknown, string>;

/** One row per applicationId, never changed: everything needed to show the decision and to make it again. */
export interface DecisionTable {
  application_id: Fixed<string>;
  client_id: Fixed<string>;
  decided_at: Fixed<Date>;
  model_name: Fixed<string>;
  model_version: Fixed<string>;
  policy_name: Fixed<string>;
  policy_version: Fixed<number>;
  probability_of_default: Fixed<number>;
  margin: Fixed<number>;
  decision_threshold: Fixed<number>;
  grey_zone_lower: Fixed<number | null>;
  grey_zone_upper: Fixed<number | null>;
  proposal: Fixed<Proposal>;
  decision: Fixed<DecisionOutcome>;
  rule_hits: Json;
  is_history_missing: Fixed<boolean>;
  features_hash: Fixed<string>;
  /** For replay: the model's inputs by name, the rules' inputs by name. */
  features: Json;
  policy_inputs: Json;
  catalogue_version: Fixed<string>;
  currency: Fixed<string>;
}

/** A policy once adopted never changes; the greatest version is in force. */
export interface PolicyVersionTable {
  policy_version: Fixed<number>;
  policy_name: Fixed<string>;
  policy: Json;
  adopted_at: Fixed<Date>;
  adopted_by: Fixed<string>;
  reason: Fixed<string>;
}

export interface ScoringTables {
  decision: DecisionTable;
  policy_version: PolicyVersionTable;
}
