import { Client } from 'pg';
import { lastLook } from './check-history.ts';
import type { Recorder } from './history.ts';

const questions = {
  application: 'select application_id as subject, count(*)::int as count from client_profile.application where application_id like $1 group by 1',
  decision: `select application_id as subject, count(*)::int as count, min(decision) as decision,
    min(probability_of_default) as probability from scoring.decision where application_id like $1 group by 1`,
  explanation: `select application_id as subject, count(*)::int as count,
    min((explanation->>'probabilityOfDefault')::float8) as probability from explainer.explanation where application_id like $1 group by 1`,
} as const;

interface Answer {
  readonly subject: string;
  readonly count: number;
  readonly decision?: string;
  readonly probability?: number;
}

/** Reads what the services hold of a run's applications into the history, by the administrator's connection. */
export async function lookAtTables(connection: string, recorder: Recorder, prefix: string): Promise<void> {
  const look = recorder.as(lastLook);
  const client = new Client({ connectionString: connection });
  await client.connect();
  try {
    for (const table of ['application', 'decision', 'explanation'] as const) {
      const { rows } = await client.query<Answer>(questions[table], [`${prefix}%`]);
      for (const { subject, count, decision, probability } of rows)
        look.record({
          kind: 'row',
          table,
          subject,
          count,
          ...(decision === undefined ? {} : { decision }),
          ...(probability === undefined ? {} : { probabilityOfDefault: probability }),
        });
      look.record({ kind: 'table-read', table, rows: rows.length });
    }
  } finally {
    await client.end();
  }
}
