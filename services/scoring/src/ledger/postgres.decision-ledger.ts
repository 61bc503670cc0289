import { ruleHitSchema } from '@lisible/contracts';
import type { Decision } from '@lisible/contracts';
import { DATABASE, Recent } from '@lisible/platform';
import type { UnitOfWork } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { DecisionLedger } from './decision-ledger.ts';
import type { DecisionSummary, LedgerEntry } from './decision-ledger.ts';
import type { DecisionTable, ScoringTables } from './tables.ts';

const ruleHitsSchema = z.array(ruleHitSchema);
/** PostgreSQL takes at most 65,535 parameters in one statement; a row has 21. */
const rowsPerStatement = 1000;

@Injectable()
export class PostgresDecisionLedger extends DecisionLedger {
  /** Whoever waits for a decision asks for it as soon as it is recorded. */
  private readonly recent = new Recent<Decision>();

  constructor(@Inject(DATABASE) private readonly database: Kysely<ScoringTables>) {
    super();
  }

  override async record(unit: UnitOfWork<ScoringTables>, entries: readonly LedgerEntry[]): Promise<ReadonlySet<string>> {
    const inserted = new Set<string>();
    for (let start = 0; start < entries.length; start += rowsPerStatement) {
      const rows = await unit.sql
        .insertInto('decision')
        .values(entries.slice(start, start + rowsPerStatement).map(toRow))
        .onConflict((conflict) => conflict.column('application_id').doNothing())
        .returning('application_id')
        .execute();
      for (const row of rows) inserted.add(row.application_id);
    }
    const isRecorded = new Set(inserted);
    unit.afterCommit(() => {
      // Deleted once remembered: of two entries for one application the first is the recorded one.
      for (const { decision } of entries) if (isRecorded.delete(decision.applicationId)) this.recent.remember(decision.applicationId, decision);
    });
    return inserted;
  }

  override async find(applicationId: string): Promise<Decision | null> {
    const recent = this.recent.find(applicationId);
    if (recent !== undefined) return recent;
    const row = await this.database.selectFrom('decision').selectAll().where('application_id', '=', applicationId).executeTakeFirst();
    return row === undefined ? null : toDecision(row);
  }

  override async lookup(applicationIds: readonly string[]): Promise<readonly DecisionSummary[]> {
    if (applicationIds.length === 0) return [];
    return this.database
      .selectFrom('decision')
      .select(['application_id as applicationId', 'probability_of_default as probabilityOfDefault', 'proposal', 'decision'])
      .where('application_id', 'in', applicationIds)
      .execute();
  }
}

const toRow = ({ decision, features, policyInputs, catalogueVersion, currency }: LedgerEntry) => ({
  application_id: decision.applicationId,
  client_id: decision.clientId,
  decided_at: new Date(decision.decidedAt),
  model_name: decision.modelName,
  model_version: decision.modelVersion,
  policy_name: decision.policyName,
  policy_version: decision.policyVersion,
  probability_of_default: decision.probabilityOfDefault,
  margin: decision.margin,
  decision_threshold: decision.decisionThreshold,
  grey_zone_lower: decision.greyZone?.lower ?? null,
  grey_zone_upper: decision.greyZone?.upper ?? null,
  proposal: decision.proposal,
  decision: decision.decision,
  rule_hits: JSON.stringify(decision.ruleHits),
  is_history_missing: decision.isHistoryMissing,
  features_hash: decision.featuresHash,
  features: JSON.stringify(features),
  policy_inputs: JSON.stringify(policyInputs),
  catalogue_version: catalogueVersion,
  currency,
});

const toDecision = (row: Selectable<DecisionTable>): Decision => ({
  applicationId: row.application_id,
  clientId: row.client_id,
  decidedAt: row.decided_at.toISOString(),
  modelName: row.model_name,
  modelVersion: row.model_version,
  policyName: row.policy_name,
  policyVersion: row.policy_version,
  probabilityOfDefault: row.probability_of_default,
  margin: row.margin,
  decisionThreshold: row.decision_threshold,
  greyZone: row.grey_zone_lower === null || row.grey_zone_upper === null ? null : { lower: row.grey_zone_lower, upper: row.grey_zone_upper },
  proposal: row.proposal,
  decision: row.decision,
  ruleHits: ruleHitsSchema.parse(row.rule_hits),
  isHistoryMissing: row.is_history_missing,
  featuresHash: row.features_hash,
});
