import { clientMonthSchema, historyMonthKinds } from '@lisible/contracts';
import { TABLES } from '@lisible/platform';
import type { TableReader } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CurrentSnapshot, sqlText } from '../follow-snapshot/current-snapshot.ts';
import { ClientMonths } from './client-months.ts';
import type { MonthsSeries } from './client-months.ts';

/** The file is sorted by client: DuckDB reads the piece whose bounds hold this one, and no other. */
@Injectable()
export class ParquetClientMonths extends ClientMonths {
  constructor(
    @Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot,
    @Inject(TABLES) private readonly tables: TableReader,
  ) {
    super();
  }

  override async find(clientId: string): Promise<MonthsSeries | null> {
    const { monthsPath = null, asOf = '' } = this.snapshot.find() ?? {};
    if (monthsPath === null) return null;
    const rows = await this.tables.query(`select * from read_parquet(${sqlText(monthsPath)}) where "clientId" = $1 order by month`, [clientId]);
    const series = historyMonthKinds.flatMap((kind) => {
      const months = rows.filter((row) => row['kind'] === kind).map((row) => clientMonthSchema.parse(row));
      return months.length === 0 ? [] : [{ kind, months }];
    });
    return { series, asOf };
  }
}
