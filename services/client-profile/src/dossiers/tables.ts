import type { ColumnType } from 'kysely';

type Fixed<Selected, Inserted = Selected> = ColumnType<Selected, Inserted, never>;

/** An application as it came: never changed afterwards. What lists and searches read stands beside the content, so that none reads JSON. */
export interface ApplicationTable {
  application_id: Fixed<string>;
  client_id: Fixed<string>;
  branch_id: Fixed<string | null>;
  submitted_at: Fixed<Date>;
  received_at: Fixed<Date>;
  currency: Fixed<string>;
  display_name: Fixed<string | null>;
  credit_amount: Fixed<number | null>;
  annuity_amount: Fixed<number | null>;
  contract_type: Fixed<string | null>;
  /** `searchKey` of both identifiers and the name. */
  search_key: Fixed<string>;
  /** The whole application. */
  content: Fixed<unknown, string>;
  /** SHA-256 of the canonical content: tells a repetition from a conflict. */
  content_hash: Fixed<string>;
  /** Notes made at intake; a repair can only be seen then. */
  data_quality: Fixed<unknown, string>;
  catalogue_version: Fixed<string>;
}

export interface ClientProfileTables {
  application: ApplicationTable;
}
