import { policySchema } from '@lisible/contracts';
import type { PolicyView } from '@lisible/contracts';
import { DATABASE } from '@lisible/platform';
import type { UnitOfWork } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { ScoringTables } from '../ledger/tables.ts';
import { PolicyVersions } from './policy-versions.ts';
import type { PolicyAdoption } from './policy-versions.ts';

@Injectable()
export class PostgresPolicyVersions extends PolicyVersions {
  constructor(@Inject(DATABASE) private readonly database: Kysely<ScoringTables>) {
    super();
  }

  override async find(): Promise<PolicyView | null> {
    const row = await this.database.selectFrom('policy_version').selectAll().orderBy('policy_version', 'desc').limit(1).executeTakeFirst();
    if (row === undefined) return null;
    return {
      policyName: row.policy_name,
      policyVersion: row.policy_version,
      adoptedAt: row.adopted_at.toISOString(),
      adoptedBy: row.adopted_by,
      policy: policySchema.parse(row.policy),
    };
  }

  override async adoptFirst(unit: UnitOfWork<ScoringTables>, { policy, adoptedAt, adoptedBy, reason }: PolicyAdoption): Promise<boolean> {
    const existing = await unit.sql.selectFrom('policy_version').select('policy_version').limit(1).executeTakeFirst();
    if (existing !== undefined) return false;
    // Two replicas may both find none: the key lets one of them win.
    const inserted = await unit.sql
      .insertInto('policy_version')
      .values({
        policy_version: 1,
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
