import { explanationSchema } from '@lisible/contracts';
import type { Explanation } from '@lisible/contracts';
import { DATABASE, Recent } from '@lisible/platform';
import type { UnitOfWork } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { ExplanationRecords } from './explanation-records.ts';
import type { ExplainerTables } from './tables.ts';

@Injectable()
export class PostgresExplanationRecords extends ExplanationRecords {
  /** Whoever waits for an explanation asks for it as soon as it is recorded. */
  private readonly recent = new Recent<Explanation>();

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
    const isRecorded = new Set(rows.map((row) => row.application_id));
    unit.afterCommit(() => {
      // Deleted once remembered: of two explanations for one application the first is the recorded one.
      for (const explanation of explanations)
        if (isRecorded.delete(explanation.applicationId)) this.recent.remember(explanation.applicationId, explanation);
    });
    return new Set(isRecorded);
  }

  override async find(applicationId: string): Promise<Explanation | null> {
    const recent = this.recent.find(applicationId);
    if (recent !== undefined) return recent;
    const row = await this.database.selectFrom('explanation').select('explanation').where('application_id', '=', applicationId).executeTakeFirst();
    return row === undefined ? null : explanationSchema.parse(row.explanation);
  }
}
