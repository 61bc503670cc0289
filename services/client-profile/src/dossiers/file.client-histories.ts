import { open } from 'node:fs/promises';
import type { HistoryRow } from '@lisible/credit';
import { Inject, Injectable } from '@nestjs/common';
import { CurrentSnapshot } from '../follow-snapshot/current-snapshot.ts';
import { ClientHistories } from './client-histories.ts';

/** One read of one row at a known place: a query over some 150 columns of Parquet takes a hundred times as long. */
@Injectable()
export class FileClientHistories extends ClientHistories {
  constructor(@Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot) {
    super();
  }

  override async find(clientId: string): Promise<HistoryRow | null> {
    const history = this.snapshot.find()?.history ?? null;
    const position = history?.positions.get(clientId);
    if (history === null || position === undefined) return null;
    const { path, fields } = history;
    const row = new DataView(new ArrayBuffer(fields.length * Float32Array.BYTES_PER_ELEMENT));
    const file = await open(path, 'r');
    try {
      const { bytesRead } = await file.read(row, 0, row.byteLength, position * row.byteLength);
      if (bytesRead !== row.byteLength) throw new Error('the history rows of the snapshot in force end too early');
    } finally {
      await file.close();
    }
    return Object.fromEntries(
      fields.map((name, field) => {
        const value = row.getFloat32(field * Float32Array.BYTES_PER_ELEMENT, true);
        return [name, Number.isNaN(value) ? null : value];
      }),
    );
  }
}
