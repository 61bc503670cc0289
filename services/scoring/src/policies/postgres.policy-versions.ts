import { policySchema } from '@lisible/contracts';
import type { PolicyVersion, PolicyView } from '@lisible/contracts';
import { DATABASE } from '@lisible/platform';
import type { UnitOfWork } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely, Selectable } from 'kysely';
import type { PolicyVersionTable, ScoringTables } from '../ledger/tables.ts';
import { PolicyVersions } from './policy-versions.ts';
import type { PolicyAdoption } from './policy-versions.ts';

@Injectable()
export class PostgresPolicyVersions extends PolicyVersions {
  constructor(@Inject(DATABASE) private readonly database: Kysely<ScoringTables>) {
    super();
  }

  override async find(): Promise<PolicyView | null> {
    const row = await this.database.selectFrom('policy_version').selectAll().orderBy('policy_version', 'desc').limit(1).executeTakeFirst();
    return row === undefined ? null : toView(row);
  }

  override async list(): Promise<readonly PolicyVersion[]> {
    const rows = await this.database.selectFrom('policy_version').selectAll().orderBy('policy_version', 'desc').execute();
    return rows.map((row) => ({ ...toView(row), reason: row.reason }));
  }

  override async adoptFirst(unit: UnitOfWork<ScoringTables>, adoption: PolicyAdoption): Promise<boolean> {
    const existing = await unit.sql.selectFrom('policy_version').select('policy_version').limit(1).executeTakeFirst();
    return existing === undefined && this.insert(unit, 1, adoption);
  }

  override async adoptNext(unit: UnitOfWork<ScoringTables>, expectedVersion: number, adoption: PolicyAdoption): Promise<boolean> {
    const latest = await unit.sql.selectFrom('policy_version').select('policy_version').orderBy('policy_version', 'desc').limit(1).executeTakeFirst();
    return latest?.policy_version === expectedVersion && this.insert(unit, expectedVersion + 1, adoption);
  }

  /** Two replicas may both have found the place free: the key lets one of them win. */
  private async insert(
    unit: UnitOfWork<ScoringTables>,
    policyVersion: number,
    { policy, adoptedAt, adoptedBy, reason }: PolicyAdoption,
  ): Promise<boolean> {
    const inserted = await unit.sql
      .insertInto('policy_version')
      .values({
        policy_version: policyVersion,
        policy_name: policy.policyName,
        policy: JSON.stringify(policy),
        adopted_at: adoptedAt,
        adopted_by: adoptedBy,
        reason,
      })
      .onConflict((conflict) => conflict.column('policy_version').doNothing())
      .returning('policy_version')
      .executeTakeFirst();
    return inserted !== undefined;
  }
}

const toView = (row: Selectable<PolicyVersionTable>): PolicyView => ({
  policyName: row.policy_name,
  policyVersion: row.policy_version,
  adoptedAt: row.adopted_at.toISOString(),
  adoptedBy: row.adopted_by,
  policy: policySchema.parse(row.policy),
});
