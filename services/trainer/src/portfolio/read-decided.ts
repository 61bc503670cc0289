import { decisionOutcomeSchema, proposalSchema } from '@lisible/contracts';
import type { DecidedPortfolio, PortfolioQuery } from '@lisible/contracts';
import { DATABASE } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { TrainerTables } from '../registry-tables.ts';
import { describeDecided } from './describe-decided.ts';

const groupSchema = z.object({
  day: z.string().nullable(),
  bin: z.number().nullable(),
  decision: decisionOutcomeSchema.nullable(),
  proposal: proposalSchema.nullable(),
  modelVersion: z.string().nullable(),
  policyVersion: z.number().nullable(),
  currency: z.string().nullable(),
  applications: z.number(),
  pdSum: z.number(),
  withAmount: z.number(),
  amountSum: z.number(),
  lastDecidedAt: z.string(),
});

/** What was decided, in a period and by a model version if asked. */
@Injectable()
export class ReadDecided {
  constructor(@Inject(DATABASE) private readonly database: Kysely<TrainerTables>) {}

  async execute({ from, to, modelVersion }: PortfolioQuery): Promise<DecidedPortfolio> {
    const range = await this.database
      .selectFrom('portfolio_count')
      .select(({ fn }) => [fn.min('day').as('firstDay'), fn.max('day').as('lastDay')])
      .executeTakeFirst();
    const counted = range === undefined || range.firstDay === null ? null : { firstDay: range.firstDay, lastDay: range.lastDay };

    let selected = this.database.selectFrom('portfolio_count');
    if (from !== undefined) selected = selected.where('day', '>=', from);
    if (to !== undefined) selected = selected.where('day', '<=', to);
    if (modelVersion !== undefined) selected = selected.where('model_version', '=', modelVersion);
    // In one statement, so that all sums are of the same decisions. Summing bigints gives numeric, which comes as text.
    const rows = await selected
      .select(({ fn }) => [
        'day',
        'bin',
        'decision',
        'proposal',
        'model_version as modelVersion',
        'policy_version as policyVersion',
        'currency',
        sql<number>`sum(${sql.ref('applications')})::float8`.as('applications'),
        fn.sum<number>('pd_sum').as('pdSum'),
        sql<number>`sum(${sql.ref('with_amount')})::float8`.as('withAmount'),
        fn.sum<number>('amount_sum').as('amountSum'),
        fn.max('last_decided_at').as('lastDecidedAt'),
      ])
      .groupBy(sql`grouping sets ((day, decision), (bin, decision), (proposal), (model_version), (policy_version), (currency))`)
      .execute();
    return describeDecided(groupSchema.array().parse(rows), counted, { from, to });
  }
}
