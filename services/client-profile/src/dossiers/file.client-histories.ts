import { closeSync, openSync, readSync } from 'node:fs';
import type { HistoryRow } from '@lisible/credit';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { CurrentSnapshot } from '../follow-snapshot/current-snapshot.ts';
import { ClientHistories } from './client-histories.ts';

/**
 * One read of one row at a known place: a query over some 150 columns of Parquet takes a hundred times as long. The file stays open, and
 * it is read without a thread: some hundred bytes that the system has at hand cost less than to hand the work over.
 */
@Injectable()
export class FileClientHistories extends ClientHistories implements OnApplicationShutdown {
  private opened: { readonly path: string; readonly file: number } | null = null;

  constructor(@Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot) {
    super();
  }

  // Async, so that an unreadable file rejects as it would behind any other port.
  override async find(clientId: string): Promise<HistoryRow | null> {
    const history = this.snapshot.find()?.history ?? null;
    const position = history?.positions.get(clientId);
    if (history === null || position === undefined) return Promise.resolve(null);
    const { path, fields } = history;
    const row = new DataView(new ArrayBuffer(fields.length * Float32Array.BYTES_PER_ELEMENT));
    const bytesRead = readSync(this.open(path), row, 0, row.byteLength, position * row.byteLength);
    if (bytesRead !== row.byteLength) throw new Error('the history rows of the snapshot in force end too early');
    return Object.fromEntries(
      fields.map((name, field) => {
        const value = row.getFloat32(field * Float32Array.BYTES_PER_ELEMENT, true);
        return [name, Number.isNaN(value) ? null : value];
      }),
    );
  }

  onApplicationShutdown(): void {
    this.close();
  }

  private open(path: string): number {
    if (this.opened?.path === path) return this.opened.file;
    this.close();
    this.opened = { path, file: openSync(path, 'r') };
    return this.opened.file;
  }

  private close(): void {
    if (this.opened !== null) closeSync(this.opened.file);
    this.opened = null;
  }
}
