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
    this.inForce = { snapshotId, asOf: snapshot.asOf, applicationsPath, columns: new Set(described.map((row) => String(row['column_name']))) };
    return { hasChanged: true };
  }
}
