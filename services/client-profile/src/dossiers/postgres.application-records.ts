import { applicationSchema, dataQualityNoteSchema } from '@lisible/contracts';
import type { FieldValue } from '@lisible/contracts';
import type { Catalogue } from '@lisible/credit';
import { DATABASE } from '@lisible/platform';
import type { UnitOfWork } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { z } from 'zod';
import { CATALOGUE } from '../catalogue.ts';
import { ApplicationRecords } from './application.records.ts';
import type { NewApplication, ReceivedApplication, StoreOutcome } from './application.records.ts';
import { compareKinds } from './dossier-source.ts';
import type { DossierFilter, DossierPage, DossierRecord, ListWindow } from './dossier-source.ts';
import { conditionOf, numberOf } from './field-sql.ts';
import { toListItem } from './list-item.ts';
import { searchKey } from './search-key.ts';
import type { ClientProfileTables } from './tables.ts';

const receivedColumns = [
  'application_id as applicationId',
  'client_id as clientId',
  'received_at as receivedAt',
  'content_hash as contentHash',
] as const;
const notesSchema = z.array(dataQualityNoteSchema);

@Injectable()
export class PostgresApplicationRecords extends ApplicationRecords {
  constructor(
    @Inject(DATABASE) private readonly database: Kysely<ClientProfileTables>,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {
    super();
  }

  override async store(unit: UnitOfWork<ClientProfileTables>, applications: readonly NewApplication[]): Promise<readonly StoreOutcome[]> {
    if (applications.length === 0) return [];
    const inserted = await unit.sql
      .insertInto('application')
      .values(applications.map((application) => this.toRow(application)))
      .onConflict((conflict) => conflict.column('application_id').doNothing())
      .returning(receivedColumns)
      .execute();
    const stored = new Map(inserted.map((row) => [row.applicationId, row]));
    const taken = applications.map(({ application }) => application.applicationId).filter((applicationId) => !stored.has(applicationId));
    // The insert waited for whoever holds an identifier, so their row is visible by now.
    const earlier =
      taken.length === 0 ? [] : await unit.sql.selectFrom('application').select(receivedColumns).where('application_id', 'in', taken).execute();
    for (const row of earlier) stored.set(row.applicationId, row);
    const fresh = new Set(inserted.map(({ applicationId }) => applicationId));
    return applications.map(({ application: { applicationId } }) => {
      const row = stored.get(applicationId);
      if (row === undefined) throw new Error(`application ${applicationId} was neither stored nor found`);
      // Deleted once told: the same identifier twice in one list is new the first time.
      return { isNew: fresh.delete(applicationId), stored: row };
    });
  }

  private toRow({ application, receivedAt, contentHash, dataQuality }: NewApplication) {
    const item = toListItem(this.catalogue, application, 'application');
    return {
      application_id: item.applicationId,
      client_id: item.clientId,
      branch_id: application.branchId ?? null,
      submitted_at: new Date(item.submittedAt),
      received_at: receivedAt,
      currency: item.currency,
      display_name: item.displayName,
      credit_amount: item.creditAmount,
      annuity_amount: item.annuityAmount,
      contract_type: item.contractType,
      search_key: searchKey(item.clientId, item.applicationId, item.displayName),
      content: JSON.stringify(application),
      content_hash: contentHash,
      data_quality: JSON.stringify(dataQuality),
      catalogue_version: this.catalogue.version,
    };
  }

  override async find(applicationId: string): Promise<ReceivedApplication | null> {
    const row = await this.database.selectFrom('application').select(receivedColumns).where('application_id', '=', applicationId).executeTakeFirst();
    return row ?? null;
  }

  override async count(filter: DossierFilter): Promise<number> {
    const { count } = await this.matching(filter)
      .select((expression) => expression.cast<number>(expression.fn.countAll(), 'integer').as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  override async list(filter: DossierFilter, window: ListWindow, counted?: number): Promise<DossierPage> {
    const { sort, isDescending, after, columns } = filter;
    const total = counted ?? (await this.count(filter));
    if (window.limit === 0 || total === 0) return { total, rows: [] };
    const key = this.sortKey(sort);
    const matching = this.matching(filter)
      .select(['application_id', 'client_id', 'submitted_at', 'currency', 'display_name', 'credit_amount', 'annuity_amount', 'contract_type'])
      .select(key.number.as('sort_value'))
      .$if(columns.length > 0, (applications) => applications.select('content'));
    const rows = await (after === null ? matching : matching.where(afterCursor(key.order, sort, isDescending, after)))
      .orderBy(key.order, (order) => (isDescending ? order.desc() : order.asc()).nullsLast())
      .orderBy('application_id')
      .offset(window.offset)
      .limit(window.limit)
      .execute();
    return {
      total,
      rows: rows.map((row) => ({
        sortValue: row.sort_value ?? Number.NaN,
        item: {
          clientId: row.client_id,
          applicationId: row.application_id,
          displayName: row.display_name,
          kind: 'application',
          submittedAt: row.submitted_at.toISOString(),
          currency: row.currency,
          creditAmount: row.credit_amount,
          annuityAmount: row.annuity_amount,
          contractType: row.contract_type,
          ...(columns.length === 0 ? {} : { columns: valuesOf(columns, row.content) }),
        },
      })),
    };
  }

  /** What rows are ordered by, and the same as a number. */
  private sortKey(sort: string): { readonly order: RawBuilder<unknown>; readonly number: RawBuilder<number | null> } {
    if (sort === 'submittedAt') return { order: sql`submitted_at`, number: sql<number>`(extract(epoch from submitted_at) * 1000)::float8` };
    // Has a column of its own, and an index.
    if (sort === 'creditAmount') return { order: sql`credit_amount`, number: sql<number | null>`credit_amount` };
    const field = numberOf(this.catalogue, sort);
    return { order: field, number: field };
  }

  override async listOfClient(clientId: string): Promise<readonly DossierRecord[]> {
    const rows = await this.database
      .selectFrom('application')
      .select(['content', 'data_quality', 'received_at'])
      .where('client_id', '=', clientId)
      .execute();
    return rows.map((row) => {
      const application = applicationSchema.parse(row.content);
      return {
        item: toListItem(this.catalogue, application, 'application'),
        application,
        dataQuality: notesSchema.parse(row.data_quality),
        defaulted: null,
        asOf: row.received_at.toISOString(),
      };
    });
  }

  private matching({ searchKey: wanted, filters }: DossierFilter) {
    const pattern = wanted === null ? null : `%${wanted.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    const found = this.database
      .selectFrom('application')
      .$if(pattern !== null, (applications) => applications.where('search_key', 'like', sql<string>`${pattern}`));
    return filters.reduce((applications, filter) => applications.where(conditionOf(this.catalogue, filter)), found);
  }
}

/** Rows that come after the cursor in the order of the list, nulls last. */
const afterCursor = (
  order: RawBuilder<unknown>,
  sort: string,
  isDescending: boolean,
  { value, applicationId, kind }: NonNullable<DossierFilter['after']>,
): RawBuilder<boolean> => {
  const isIdAfter = compareKinds('application', kind) > 0 ? sql`application_id >= ${applicationId}` : sql`application_id > ${applicationId}`;
  if (Number.isNaN(value)) return sql<boolean>`(${order} is null and ${isIdAfter})`;
  const at = sort === 'submittedAt' ? sql`${new Date(value)}::timestamptz` : sql`${value}::float8`;
  const isBeyond = isDescending ? sql`${order} < ${at}` : sql`${order} > ${at}`;
  return sql<boolean>`(${isBeyond} or ${order} is null or (${order} = ${at} and ${isIdAfter}))`;
};

const valuesOf = (columns: readonly string[], content: unknown): Record<string, FieldValue> => {
  const application = applicationSchema.parse(content);
  return Object.fromEntries(columns.map((name) => [name, application[name] ?? null]));
};
