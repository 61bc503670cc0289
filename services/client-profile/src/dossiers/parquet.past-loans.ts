import { applicationSchema } from '@lisible/contracts';
import type { Application } from '@lisible/contracts';
import { dataQualityNotes } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { TABLES } from '@lisible/platform';
import type { TableReader, TableRow } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CATALOGUE } from '../catalogue.ts';
import { CurrentSnapshot, sqlText } from '../follow-snapshot/current-snapshot.ts';
import type { SnapshotInForce } from '../follow-snapshot/current-snapshot.ts';
import type { DossierFilter, DossierPage, DossierRecord, ListWindow } from './dossier-source.ts';
import { toListItem } from './list-item.ts';
import { PastLoans } from './past-loans.ts';

/** Columns of `applications.parquet` that are no field of the application. */
const outcomeColumn = 'defaulted';

@Injectable()
export class ParquetPastLoans extends PastLoans {
  constructor(
    @Inject(TABLES) private readonly tables: TableReader,
    @Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {
    super();
  }

  override async count(filter: DossierFilter): Promise<number> {
    const snapshot = this.snapshot.find();
    if (snapshot === null) return 0;
    const { condition, parameters } = this.matching(snapshot, filter);
    const [row] = await this.tables.query(
      `select count(*) as count from read_parquet(${sqlText(snapshot.applicationsPath)}) where ${condition}`,
      parameters,
    );
    return Number(row?.['count'] ?? 0);
  }

  /** It lists by date or amount, without filters or cursor. */
  static canList({ filters, sort, after, columns }: DossierFilter): boolean {
    return filters.length === 0 && after === null && columns.length === 0 && ['submittedAt', 'creditAmount'].includes(sort);
  }

  override async list(filter: DossierFilter, window: ListWindow): Promise<DossierPage> {
    const snapshot = this.snapshot.find();
    const total = await this.count(filter);
    if (snapshot === null || window.limit === 0) return { total, rows: [] };
    const { condition, parameters } = this.matching(snapshot, filter);
    const direction = filter.isDescending ? 'desc' : 'asc';
    const shown = [
      'applicationId',
      'clientId',
      'submittedAt',
      'currency',
      'creditAmount',
      'annuityAmount',
      'contractType',
      ...this.catalogue.displayNameFields,
    ];
    const rows = await this.tables.query(
      `select ${shown
        .filter((name) => snapshot.columns.has(name))
        .map(quoted)
        .join(', ')} from read_parquet(${sqlText(snapshot.applicationsPath)})
       where ${condition} order by ${quoted(filter.sort)} ${direction} nulls last, "applicationId" limit ${window.limit} offset ${window.offset}`,
      parameters,
    );
    return {
      total,
      rows: rows.map((row) => {
        const item = toListItem(this.catalogue, this.toApplication(row), 'past-loan');
        return { item, sortValue: filter.sort === 'submittedAt' ? Date.parse(item.submittedAt) : (item.creditAmount ?? Number.NaN) };
      }),
    };
  }

  override async listOfClient(clientId: string): Promise<readonly DossierRecord[]> {
    const snapshot = this.snapshot.find();
    if (snapshot === null) return [];
    const rows = await this.tables.query(`select * from read_parquet(${sqlText(snapshot.applicationsPath)}) where "clientId" = $1`, [clientId]);
    return rows.map((row) => {
      const application = this.toApplication(row);
      return {
        item: toListItem(this.catalogue, application, 'past-loan'),
        application,
        dataQuality: dataQualityNotes(this.catalogue, application),
        defaulted: row[outcomeColumn] === 1 ? 1 : 0,
        asOf: snapshot.asOf,
      };
    });
  }

  private matching(snapshot: SnapshotInForce, filter: DossierFilter): { readonly condition: string; readonly parameters: readonly string[] } {
    if (filter.searchKey === null) return { condition: 'true', parameters: [] };
    const searched = ['clientId', 'applicationId', ...this.catalogue.displayNameFields].filter((name) => snapshot.columns.has(name));
    return { condition: `contains(lower(strip_accents(concat_ws(' ', ${searched.map(quoted).join(', ')}))), $1)`, parameters: [filter.searchKey] };
  }

  private toApplication(row: TableRow): Application {
    const present = Object.entries(row).filter(([name, value]) => value !== null && name !== outcomeColumn);
    return applicationSchema.parse({ ...Object.fromEntries(present), submittedAt: new Date(String(row['submittedAt'])).toISOString() });
  }
}

const quoted = (name: string): string => `"${name}"`;
