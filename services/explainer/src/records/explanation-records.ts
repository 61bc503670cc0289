import type { Explanation } from '@lisible/contracts';
import type { UnitOfWork } from '@lisible/platform';
import type { ExplainerTables } from './tables.ts';

/** Port: one explanation per applicationId, for ever. */
export abstract class ExplanationRecords {
  /** Inserts those whose applicationId has no explanation yet and says which they were. */
  abstract record(unit: UnitOfWork<ExplainerTables>, explanations: readonly Explanation[]): Promise<ReadonlySet<string>>;
  abstract find(applicationId: string): Promise<Explanation | null>;
}
