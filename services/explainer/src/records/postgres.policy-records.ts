import { policySchema } from '@lisible/contracts';
import type { PolicyChanged } from '@lisible/contracts';
import { DATABASE } from '@lisible/platform';
import type { UnitOfWork } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { PolicyRecords } from './policy-records.ts';
import type { PolicyInForce } from './policy-records.ts';
import type { ExplainerTables } from './tables.ts';

@Injectable()
export class PostgresPolicyRecords extends PolicyRecords {
  constructor(@Inject(DATABASE) private readonly database: Kysely<ExplainerTables>) {
    super();
  }

  override async record(unit: UnitOfWork<ExplainerTables>, changes: readonly PolicyChanged[]): Promise<void> {
    if (changes.length === 0) return;
    await unit.sql
      .insertInto('policy_version')
      .values(
        changes.map(({ policyName, policyVersion, policy }) => ({
          policy_name: policyName,
          policy_version: policyVersion,
          policy: JSON.stringify(policy),
        })),
      )
      .onConflict((conflict) => conflict.column('policy_version').doNothing())
      .execute();
  }

  override async find(): Promise<PolicyInForce | null> {
    const row = await this.database.selectFrom('policy_version').selectAll().orderBy('policy_version', 'desc').limit(1).executeTakeFirst();
    return row === undefined ? null : { policyName: row.policy_name, policyVersion: row.policy_version, policy: policySchema.parse(row.policy) };
  }
}
