import type { FieldValue } from '@lisible/contracts';
import { dayOfInstant, isoDateOfDay } from '@lisible/credit';
import type { FieldDefinition } from '@lisible/credit';
import { TABLES } from '@lisible/platform';
import type { TableReader } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CurrentSnapshot, sqlText } from '../follow-snapshot/current-snapshot.ts';
import type { SnapshotInForce } from '../follow-snapshot/current-snapshot.ts';

/** Of a number or date: where one in ten, … nine in ten of the population lie. */
const shares = [0.1, 0.3, 0.5, 0.7, 0.9];
/** Answers that so many clients gave, the most frequent ones: nobody is made out by them. */
const commonAnswers = { count: 5, leastClients: 20 };

/** Values that the population gives a field: counted once a snapshot, since a field's are the same for every application. */
@Injectable()
export class PlausibleValues {
  private counted: { readonly snapshotId: string; readonly byField: Map<string, Promise<readonly FieldValue[]>> } | null = null;

  constructor(
    @Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot,
    @Inject(TABLES) private readonly tables: TableReader,
  ) {}

  /** None where the snapshot lacks the field or too few clients told it. */
  async list(field: FieldDefinition, submittedAt: string): Promise<readonly FieldValue[]> {
    if (field.type === 'boolean') return [true, false];
    const snapshot = this.snapshot.find();
    if (snapshot === null || !snapshot.columns.has(field.name)) return [];
    const values = await this.remember(snapshot, field);
    if (field.type !== 'date') return values;
    const day = dayOfInstant(submittedAt);
    return values.map((daysBefore) => isoDateOfDay(day - Number(daysBefore)));
  }

  private remember(snapshot: SnapshotInForce, field: FieldDefinition): Promise<readonly FieldValue[]> {
    if (this.counted?.snapshotId !== snapshot.snapshotId) this.counted = { snapshotId: snapshot.snapshotId, byField: new Map() };
    const { byField } = this.counted;
    const known = byField.get(field.name);
    if (known !== undefined) return known;
    const counting = this.count(snapshot, field);
    byField.set(field.name, counting);
    // What failed once is asked again.
    counting.catch(() => byField.delete(field.name));
    return counting;
  }

  /** Dates as days before their application. */
  private async count({ applicationsPath }: SnapshotInForce, field: FieldDefinition): Promise<readonly FieldValue[]> {
    const column = `"${field.name.replaceAll('"', '""')}"`;
    const source = `read_parquet(${sqlText(applicationsPath)})`;
    if (field.type === 'category' || field.type === 'text') {
      const rows = await this.tables.query(
        `select ${column} as value, count(*) as n from ${source} where ${column} is not null group by 1 having n >= ${commonAnswers.leastClients} order by n desc, 1 limit ${commonAnswers.count}`,
      );
      return rows.map(({ value }) => value ?? null);
    }
    const number = field.type === 'date' ? `date_diff('day', cast(${column} as date), cast("submittedAt" as timestamp))` : column;
    const columns = shares.map((share, index) => `quantile_cont(${number}, ${share}) as q${index}`);
    const [row = {}] = await this.tables.query(`select count(*) as n, ${columns.join(', ')} from ${source} where ${column} is not null`);
    if (Number(row['n'] ?? 0) < commonAnswers.leastClients) return [];
    const values = shares.flatMap((_, index) => {
      const value = row[`q${index}`];
      return typeof value === 'number' ? [value] : [];
    });
    // Two figures: plausible, and nobody's own.
    return [...new Set(values.map((value) => (field.type === 'number' ? Number(value.toPrecision(2)) : Math.round(value))))];
  }
}
