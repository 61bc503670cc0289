import { explanationSchema } from '@lisible/contracts';
import type { Explanation } from '@lisible/contracts';
import { DATABASE } from '@lisible/platform';
import type { UnitOfWork } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { ExplanationRecords } from './explanation-records.ts';
import type { ExplainerTables } from './tables.ts';

@Injectable()
export class PostgresExplanationRecords extends ExplanationRecords {
  constructor(@Inject(DATABASE) private readonly database: Kysely<ExplainerTables>) {
    super();
  }

  override async record(unit: UnitOfWork<ExplainerTables>, explanations: readonly Explanation[]): Promise<ReadonlySet<string>> {
    if (explanations.length === 0) return new Set();
    const rows = await unit.sql
      .insertInto('explanation')
      .values(
        explanations.map((explanation) => ({
          application_id: explanation.applicationId,
          explained_at: new Date(explanation.explainedAt),
          model_version: explanation.modelVersion,
          policy_version: explanation.policyVersion,
          explanation: JSON.stringify(explanation),
        })),
      )
      .onConflict((conflict) => conflict.column('application_id').doNothing())
      .returning('application_id')
      .execute();
    return new Set(rows.map((row) => row.application_id));
  }

  override async find(applicationId: string): Promise<Explanation | null> {
    const row = await this.database.selectFrom('explanation').select('explanation').where('application_id', '=', applicationId).executeTakeFirst();
    return row === undefined ? null : explanationSchema.parse(row.explanation);
  }
}
