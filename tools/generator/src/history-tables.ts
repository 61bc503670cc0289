import { ByteTable } from './byte-table.ts';
import { historyTableNames, type HistoryTableName } from './columns.ts';

/** The history tables that a chunk of clients is written to. */
export type HistoryTables = Readonly<Record<HistoryTableName, ByteTable>>;

/** With room for some 500 clients from the start. */
export const createHistoryTables = (): HistoryTables => ({
  bureau: new ByteTable(1 << 19),
  bureau_balance: new ByteTable(1 << 20),
  previous_application: new ByteTable(1 << 20),
  POS_CASH_balance: new ByteTable(1 << 20),
  installments_payments: new ByteTable(1 << 21),
  credit_card_balance: new ByteTable(1 << 20),
});

export const forEachHistoryTable = (tables: HistoryTables, visit: (name: HistoryTableName, table: ByteTable) => void): void => {
  for (const name of historyTableNames) visit(name, tables[name]);
};

/** Mean length of a month, in days. */
export const daysPerMonth = 30.4375;
/** Months before the application, at most, that the monthly tables go back. */
export const oldestMonth = -96;
/** Home Credit's "not yet" and "never": a thousand years ahead. */
export const neverDays = 365_243;

/** The month (0 the application's own, -1 the one before) that a day before the application falls in. */
export const monthOfDay = (day: number): number => -Math.ceil(-day / daysPerMonth);

/** The month as the bureau counts it: 0 are the last thirty days. */
export const monthBegunOn = (day: number): number => -Math.floor(-day / daysPerMonth);

/** Keys for one chunk of clients: `next` until they are used up, so that no two chunks share one. */
export class KeyRange {
  #next: number;
  readonly #end: number;

  constructor(start: number, count: number) {
    this.#next = start;
    this.#end = start + count;
  }

  get left(): number {
    return this.#end - this.#next;
  }

  take(): number {
    return this.#next++;
  }
}
