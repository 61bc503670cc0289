import { createRandom, type SeededRandom } from '@lisible/credit';
import { gzipSync } from 'node:zlib';
import { drawBureau } from './bureau.ts';
import { ByteTable } from './byte-table.ts';
import { drawClient, type SyntheticClient } from './client.ts';
import { applicationColumns, contactColumns, isDecimalColumn, targetColumn, type TableName } from './columns.ts';
import { createHistoryTables, forEachHistoryTable, KeyRange, type HistoryTables } from './history-tables.ts';
import { drawPreviousApplications } from './previous-application.ts';

export type TableSelection = 'application' | 'all';
export type FileFormat = 'csv' | 'csv.gz';

/** Clients drawn together. Part of what the seed means: another number, another population. */
export const clientsPerChunk = 500;

/** What every chunk of a population shares. */
export interface PopulationPlan {
  readonly seed: number;
  readonly labelled: number;
  readonly unlabelled: number;
  readonly tables: TableSelection;
  readonly format: FileFormat;
}

/** A chunk's rows as bytes of the file's format, and what is known of its labelled clients. */
export interface Chunk {
  readonly index: number;
  readonly clients: number;
  readonly tables: readonly { readonly name: TableName; readonly rows: number; readonly bytes: Uint8Array<ArrayBuffer> }[];
  readonly outcomes: Uint8Array<ArrayBuffer>;
  readonly trueProbabilities: Float64Array<ArrayBuffer>;
}

const firstClient = 100_001;
/** Keys set aside for a chunk: a sixth more than it uses on average, some ten standard deviations above. Were they used up, its last clients would have less of a past. */
const requestsPerChunk = 3_072;
const creditsPerChunk = 3_328;
const firstRequest = 1_000_001;
const firstCredit = 5_000_001;

/** Labelled chunks come first; the last of either kind may be smaller. */
export const countChunks = ({ labelled, unlabelled }: PopulationPlan): number =>
  Math.ceil(labelled / clientsPerChunk) + Math.ceil(unlabelled / clientsPerChunk);

/** A generator for each chunk and purpose, so that chunks can be drawn in any order and history leaves the applications as they are. */
const randomFor = (seed: number, chunk: number, purpose: number): SeededRandom =>
  createRandom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(chunk + 1, 0x85ebca6b) ^ Math.imul(purpose, 0xc2b2ae35)) >>> 0);

interface ApplicationColumn {
  readonly name: string;
  readonly isDecimal: boolean;
}
const columnsOf = (names: readonly string[]): readonly ApplicationColumn[] => names.map((name) => ({ name, isDecimal: isDecimalColumn(name) }));
const [identifierColumn = 'SK_ID_CURR', ...otherColumns] = applicationColumns;
export const trainColumns: readonly string[] = [identifierColumn, targetColumn, ...otherColumns, ...contactColumns];
export const testColumns: readonly string[] = [...applicationColumns, ...contactColumns];
const columns = { application_train: columnsOf(trainColumns), application_test: columnsOf(testColumns) } as const;

const writeApplication = (client: SyntheticClient, name: 'application_train' | 'application_test', table: ByteTable): void => {
  for (const column of columns[name]) {
    const cell = column.name === targetColumn ? client.defaulted : client.cells[column.name];
    if (cell === null || cell === undefined) table.empty();
    else if (typeof cell === 'number') table.number(cell, column.isDecimal);
    else table.text(cell);
  }
  table.endRow();
};

interface Room {
  readonly application: ByteTable;
  readonly history: HistoryTables | null;
}

/** Draws chunks one after another, in one set of buffers. */
export const createChunkDrawer = (plan: PopulationPlan): ((index: number) => Chunk) => {
  const room: Room = { application: new ByteTable(1 << 19), history: plan.tables === 'all' ? createHistoryTables() : null };
  const labelledChunks = Math.ceil(plan.labelled / clientsPerChunk);
  const toFormat = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => (plan.format === 'csv' ? bytes : new Uint8Array(gzipSync(bytes)));

  return (index) => {
    const isPast = index < labelledChunks;
    const before = isPast ? index * clientsPerChunk : (index - labelledChunks) * clientsPerChunk;
    const clients = Math.min(clientsPerChunk, (isPast ? plan.labelled : plan.unlabelled) - before);
    const name = isPast ? 'application_train' : 'application_test';
    const firstOfChunk = firstClient + before + (isPast ? 0 : plan.labelled);
    const random = randomFor(plan.seed, index, 1);
    const historyRandom = randomFor(plan.seed, index, 2);
    const requests = new KeyRange(firstRequest + index * requestsPerChunk, requestsPerChunk);
    const credits = new KeyRange(firstCredit + index * creditsPerChunk, creditsPerChunk);
    const outcomes = new Uint8Array(isPast ? clients : 0);
    const trueProbabilities = new Float64Array(isPast ? clients : 0);

    for (let row = 0; row < clients; row++) {
      const client = drawClient(firstOfChunk + row, isPast, random);
      writeApplication(client, name, room.application);
      if (isPast) {
        outcomes[row] = client.defaulted;
        trueProbabilities[row] = client.trueProbability;
      }
      if (room.history !== null) {
        drawBureau(client, room.history, credits, historyRandom);
        drawPreviousApplications(client, room.history, requests, historyRandom);
      }
    }

    const tables: { name: TableName; rows: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
    const collect = (tableName: TableName, table: ByteTable): void => {
      tables.push({ name: tableName, rows: table.rows, bytes: toFormat(table.take()) });
    };
    collect(name, room.application);
    if (room.history !== null) forEachHistoryTable(room.history, collect);
    return { index, clients, tables, outcomes, trueProbabilities };
  };
};
