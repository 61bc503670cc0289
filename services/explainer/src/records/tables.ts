import type { ColumnType } from 'kysely';

type Fixed<Selected, Inserted = Selected> = ColumnType<Selected, Inserted, never>;

/** One explanation per applicationId, never changed. */
export interface ExplanationTable {
  application_id: Fixed<string>;
  explained_at: Fixed<Date>;
  model_version: Fixed<string>;
  policy_version: Fixed<number>;
  /** The whole explanation, attributions included. */
  explanation: Fixed<unknown, string>;
}

/** Scoring's policy versions as announced; explanations of past loans name the one in force. */
export interface PolicyVersionTable {
  policy_version: Fixed<number>;
  policy_name: Fixed<string>;
  policy: Fixed<unknown, string>;
}

export interface ExplainerTables {
  explanation: ExplanationTable;
  policy_version: PolicyVersionTable;
}
