import { stat } from 'node:fs/promises';
import { artefactKeys, populationSnapshotSchema, snapshotFiles, snapshotPointerSchema } from '@lisible/contracts';
import { ARTEFACTS, TABLES } from '@lisible/platform';
import type { ArtefactStore, TableReader } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';

/** The population snapshot whose past loans are shown. */
export interface SnapshotInForce {
  readonly snapshotId: string;
  /** ISO 8601. */
  readonly asOf: string;
  /** A local Parquet file, one row a past loan. */
  readonly applicationsPath: string;
  /** Columns that the file holds: a raw folder without names has none for them. */
  readonly columns: ReadonlySet<string>;
  /** Null where the snapshot was made without history tables. */
  readonly history: SnapshotHistory | null;
  /** A local Parquet file of the clients' months; null where the snapshot keeps none. */
  readonly monthsPath: string | null;
}

/** Where the clients' pasts stand: `path` holds one row of float32 for each client of `positions`, in the order of `fields`. */
export interface SnapshotHistory {
  readonly path: string;
  readonly fields: readonly string[];
  readonly positions: ReadonlyMap<string, number>;
}

const parseJson = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/** Text as a literal of DuckDB's SQL; table functions take no parameter everywhere. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

@Injectable()
export class CurrentSnapshot {
  private inForce: SnapshotInForce | null = null;

  constructor(
    @Inject(ARTEFACTS) private readonly artefacts: ArtefactStore,
    @Inject(TABLES) private readonly tables: TableReader,
  ) {}

  /** Null until a snapshot was published. */
  find(): SnapshotInForce | null {
    return this.inForce;
  }

  /** Reads the owner's pointer and takes over what it names; requests in hand keep the snapshot they started with. */
  async refresh(): Promise<{ readonly hasChanged: boolean }> {
    const pointer = await this.artefacts.find(artefactKeys.currentSnapshot);
    if (pointer === null) return { hasChanged: false };
    const { snapshotId } = snapshotPointerSchema.parse(parseJson(pointer));
    if (this.inForce?.snapshotId === snapshotId) return { hasChanged: false };

    const snapshot = populationSnapshotSchema.parse(parseJson(await this.artefacts.read(artefactKeys.snapshot(snapshotId, snapshotFiles.snapshot))));
    const applicationsPath = await this.artefacts.localPath(artefactKeys.snapshot(snapshotId, snapshotFiles.applications));
    const described = await this.tables.query(`select column_name from (describe select * from read_parquet(${sqlText(applicationsPath)}))`);
    const columns = new Set(described.map((row) => String(row['column_name'])));
    const hasHistory = (snapshot.coverage ?? []).length > 0;
    const history = hasHistory ? await this.openHistory(snapshotId) : null;
    const monthsPath =
      snapshot.historyMonths === undefined ? null : await this.artefacts.localPath(artefactKeys.snapshot(snapshotId, snapshotFiles.historyMonths));
    this.inForce = { snapshotId, asOf: snapshot.asOf, applicationsPath, columns, history, monthsPath };
    return { hasChanged: true };
  }

  /** @throws Error when the two files of the pasts are not of one piece */
  private async openHistory(snapshotId: string): Promise<SnapshotHistory> {
    const parquet = sqlText(await this.artefacts.localPath(artefactKeys.snapshot(snapshotId, snapshotFiles.history)));
    const path = await this.artefacts.localPath(artefactKeys.snapshot(snapshotId, snapshotFiles.historyRows));
    const described = await this.tables.query(`select column_name from (describe select * from read_parquet(${parquet}))`);
    const fields = described.map((row) => String(row['column_name'])).filter((name) => name !== 'clientId');
    const clients = await this.tables.query(`select "clientId" from read_parquet(${parquet})`);
    const { size } = await stat(path);
    if (size !== clients.length * fields.length * Float32Array.BYTES_PER_ELEMENT)
      throw new Error(`${snapshotFiles.historyRows} of snapshot ${snapshotId} does not hold the clients of ${snapshotFiles.history}`);
    return { path, fields, positions: new Map(clients.map((row, position) => [String(row['clientId']), position])) };
  }
}
