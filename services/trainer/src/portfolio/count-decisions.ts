import type { ApplicationDecided } from '@lisible/contracts';
import type { CommitHalf, EventBatch } from '@lisible/platform';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { TrainerTables } from '../registry-tables.ts';
import { countOf, keyColumns, mergeCounts } from './portfolio-counts.ts';

/** Decisions become counts, added in the transaction that marks their events as handled: none is counted twice. */
@Injectable()
export class CountDecisions {
  prepare({ events }: EventBatch<ApplicationDecided>): CommitHalf<TrainerTables> {
    const counted = events.map((event) => ({ event, count: countOf(event.data) }));

    return async (unit) => {
      const counts = mergeCounts(counted.filter(({ event }) => unit.isNew(event)).map(({ count }) => count));
      if (counts.length === 0) return;
      await unit.sql
        .insertInto('portfolio_count')
        .values([...counts])
        .onConflict((conflict) =>
          conflict.columns([...keyColumns]).doUpdateSet((row) => ({
            applications: row('portfolio_count.applications', '+', row.ref('excluded.applications')),
            pd_sum: row('portfolio_count.pd_sum', '+', row.ref('excluded.pd_sum')),
            with_amount: row('portfolio_count.with_amount', '+', row.ref('excluded.with_amount')),
            amount_sum: row('portfolio_count.amount_sum', '+', row.ref('excluded.amount_sum')),
            last_decided_at: sql<string>`greatest(${row.ref('portfolio_count.last_decided_at')}, ${row.ref('excluded.last_decided_at')})`,
          })),
        )
        .execute();
    };
  }
}
