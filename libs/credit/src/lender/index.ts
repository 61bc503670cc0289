export type { AboutData } from './about-data.ts';
export type { HistoryCheck, HistoryColumn, HistoryQuery, HistorySource, HistoryTable, MonthsQuery } from './history-source.ts';
export type { Lender, PolicyDefaults } from './lender.ts';
export {
  cellAt,
  checkColumns,
  readerByRow,
  rowAt,
  type ColumnOfCells,
  type ColumnReader,
  type ColumnReading,
  type RawColumn,
  type RawDataProblem,
  type RawReading,
  type RawRow,
  type RawSource,
  type RawTable,
  type RawValue,
  type RowReader,
  type TextLayout,
} from './raw-source.ts';
