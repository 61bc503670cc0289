import type { PolicyVersion, PolicyView } from '@lisible/contracts';
import type { Database } from '@lisible/platform';
import { sql } from 'kysely';
import type { ScoringTables } from '../ledger/tables.ts';
import { PostgresPolicyVersions } from './postgres.policy-versions.ts';

/**
 * The policy in force of a platform at rest, for whoever holds its records; scoring itself need not run. Null before scoring's
 * first champion: it will then adopt the one that the manifest recommends.
 */
export const findPolicyInForce = async (database: Database): Promise<PolicyView | null> => (await versionsIn(database))?.find() ?? null;

/** Every version in the records of a platform at rest, latest first. */
export const listPolicyVersions = async (database: Database): Promise<readonly PolicyVersion[]> => (await versionsIn(database))?.list() ?? [];

const versionsIn = async (database: Database): Promise<PostgresPolicyVersions | null> => {
  const records = database.forService<ScoringTables>('scoring');
  // A model may have been trained before scoring ever ran and made its tables.
  const { rows } = await sql<{ isThere: boolean }>`select to_regclass('scoring.policy_version') is not null as "isThere"`.execute(records);
  return rows[0]?.isThere === true ? new PostgresPolicyVersions(records) : null;
};
