import { identifierSchema, type Application, type FieldValue } from '@lisible/contracts';
import { validateApplication } from '../applications/index.ts';
import { dayOfInstant, dayOfIsoDate } from '../features/index.ts';
import {
  checkColumns as checkTableColumns,
  rowAt,
  type RawDataProblem,
  type RawReading,
  type RawRow,
  type RawSource,
  type RawValue,
} from '../lender/index.ts';
import {
  cellReaderOf,
  dayIn,
  HOURS_PER_DAY,
  instantOfHour,
  isAbsent,
  isHour,
  isPossibleLength,
  MIDDAY,
  missingCodes,
  numberIn,
  outcomeIn,
  REFERENCE_MONDAY,
  truthIn,
  weekdayOf,
  weekdays,
} from './cells.ts';
import {
  BRANCH_COLUMN,
  CURRENCY,
  DATE_COLUMN,
  HOUR_COLUMN,
  isTable,
  KEY_COLUMN,
  tables,
  TARGET_COLUMN,
  WEEKDAY_COLUMN,
  type ColumnDeclaration,
  type HomeCreditTable,
} from './columns.ts';
import type { HomeCreditField } from './declare-field.ts';
import { homeCreditFields } from './fields/index.ts';
import { homeCreditCatalogue } from './home-credit-catalogue.ts';
import { homeCreditHistory } from './history/index.ts';
import { openSoundColumns } from './sound-columns.ts';
import { openSoundReader } from './sound-rows.ts';

export type { ColumnDeclaration, HomeCreditTable } from './columns.ts';

/** Declared columns that a table lacks or has twice; columns that nobody declared are left alone. */
const checkColumns = (table: HomeCreditTable, columns: readonly string[]): readonly RawDataProblem[] =>
  checkTableColumns({ name: table, columns: tables[table] }, columns);

const fieldReaders = homeCreditFields.map((declared) => ({ ...declared, read: cellReaderOf(declared) }));

const submissionOf = (row: RawRow): { readonly day: number; readonly instant: string } => {
  const weekday = weekdays.findIndex((name) => name === row[WEEKDAY_COLUMN]);
  const hour = numberIn(row[HOUR_COLUMN]);
  const day = dayIn(row[DATE_COLUMN]) ?? REFERENCE_MONDAY + Math.max(weekday, 0);
  // `checkRow` refuses a row without either; an application cannot be without a moment.
  const hourOfDay = isHour(hour) ? hour : MIDDAY;
  return { day, instant: instantOfHour(day * HOURS_PER_DAY + hourOfDay) };
};

/**
 * One row of application_train or application_test as an application; the outcome is not part of it.
 * `SK_ID_CURR` serves as both identifiers; it was submitted on its `APPLICATION_DATE`, or in the reference week where there is none; missing cells, `XNA` and 365243 days employed are left out.
 */
const toApplication = (row: RawRow): Application => {
  const submission = submissionOf(row);
  const identifier = String(row[KEY_COLUMN] ?? '');
  const branch = row[BRANCH_COLUMN];
  const application: Application = {
    applicationId: identifier,
    clientId: identifier,
    ...(isAbsent(branch) ? {} : { branchId: String(branch) }),
    submittedAt: submission.instant,
    currency: CURRENCY,
  };
  for (const { field, column, read } of fieldReaders) {
    const cell = row[column.name];
    const value = isAbsent(cell) ? null : read(cell, submission.day);
    if (value !== null && value !== undefined) application[field.name] = value;
  }
  return application;
};

const convertBack = ({ column, rawCategories }: HomeCreditField, value: FieldValue | undefined, submissionDay: number): RawValue => {
  if (value === null || value === undefined) return missingCodes.get(column.name) ?? null;
  switch (column.conversion) {
    case 'relative-days':
      return dayOfIsoDate(String(value)) - submissionDay;
    case 'flag':
      return Number(value);
    case 'yes-no':
      return value === true ? 'Y' : 'N';
    case 'category':
      return [...rawCategories].find(([, known]) => known === value)?.[0] ?? String(value);
    case 'number':
    case 'text':
      return value;
  }
};

/** The row that `toApplication` makes this application from, but for the week: no date is written. `XNA` comes back as null. */
const toRow = (application: Application): RawRow => {
  const submissionDay = dayOfInstant(application.submittedAt);
  const cells = homeCreditFields.map((declaration): readonly [string, RawValue] => [
    declaration.column.name,
    convertBack(declaration, application[declaration.field.name], submissionDay),
  ]);
  return {
    [KEY_COLUMN]: Number.isNaN(Number(application.applicationId)) ? application.applicationId : Number(application.applicationId),
    [WEEKDAY_COLUMN]: weekdayOf(submissionDay),
    [HOUR_COLUMN]: new Date(application.submittedAt).getUTCHours(),
    ...(application.branchId === undefined ? {} : { [BRANCH_COLUMN]: application.branchId }),
    ...Object.fromEntries(cells),
  };
};

const NUMERIC: ReadonlySet<ColumnDeclaration['kind']> = new Set(['number', 'relative-days']);
const columnOfField: ReadonlyMap<string, string> = new Map([
  ['applicationId', KEY_COLUMN],
  ['branchId', BRANCH_COLUMN],
  ...homeCreditFields.map(({ field, column }) => [field.name, column.name] as const),
]);

/** Why a cell that holds something cannot be taken for what its column declares; null when it can. */
const misreading = (kind: ColumnDeclaration['kind'], value: RawValue): string | null => {
  if (NUMERIC.has(kind) && !Number.isFinite(numberIn(value))) return 'not a number';
  if (kind === 'relative-days' && !isPossibleLength(numberIn(value))) return 'not a possible number of days';
  if ((kind === 'flag' || kind === 'yes-no') && truthIn(value) === null) return 'neither yes nor no';
  return null;
};

/**
 * One row (`rowNumber` from 1) as the application that the public door would make of it, or everything wrong with it: cells that
 * are no number, an outcome that is not 0 or 1, values that the catalogue does not allow. A cell that cannot be read is told once. Reasons name
 * no value.
 */
const readRow = (table: HomeCreditTable, row: RawRow, rowNumber: number): RawReading => {
  const problems: RawDataProblem[] = [];
  const unreadable = new Set<string | null>();
  const report = (column: string | null, reason: string): void => {
    problems.push({ table, column, row: rowNumber, reason });
  };
  for (const { name, kind } of tables[table]) {
    const value = row[name];
    if (kind === 'key' && !identifierSchema.safeParse(String(value ?? '')).success) report(name, 'the key is missing or not an identifier');
    if (kind === 'target' && outcomeIn(value) === null) report(name, 'the outcome is neither 0 nor 1');
    if (kind === 'weekday' && !weekdays.some((weekday) => weekday === value)) report(name, 'not a weekday from MONDAY to SUNDAY');
    if (kind === 'hour' && !isHour(numberIn(value))) report(name, 'not a whole hour from 0 to 23');
    if (isAbsent(value)) continue;
    if (kind === 'iso-date') {
      const day = dayIn(value);
      if (day === null) report(name, 'not a date written YYYY-MM-DD');
      else if (weekdayOf(day) !== row[WEEKDAY_COLUMN]) report(name, `not on the weekday that ${WEEKDAY_COLUMN} says`);
    }
    const misread = misreading(kind, value);
    if (misread === null) continue;
    report(name, misread);
    unreadable.add(name);
  }
  const validation = validateApplication(homeCreditCatalogue, toApplication(row));
  if (!validation.isValid) {
    for (const { field, message } of validation.problems) {
      const column = columnOfField.get(field) ?? null;
      if (field !== 'applicationId' && field !== 'clientId' && !unreadable.has(column)) report(column, message.en);
    }
  }
  const isSound = validation.isValid && problems.length === 0;
  return {
    application: isSound ? validation.application : null,
    defaulted: isSound && table === 'application_train' ? outcomeIn(row[TARGET_COLUMN]) : null,
    problems,
  };
};

/** Everything wrong with one row, as `readRow` tells it. */
const checkRow = (table: HomeCreditTable, row: RawRow, rowNumber: number): readonly RawDataProblem[] => readRow(table, row, rowNumber).problems;

const knownTable = (table: string): HomeCreditTable => {
  if (!isTable(table)) throw new RangeError(`Home Credit has no table of applications named ${table}`);
  return table;
};

/** The raw tables as the trainer reads them. */
export const homeCreditSource: RawSource = {
  keyColumn: KEY_COLUMN,
  targetColumn: TARGET_COLUMN,
  tables: [
    { name: 'application_train', role: 'labelled', isRequired: true, columns: tables.application_train, file: null },
    { name: 'application_test', role: 'unlabelled', isRequired: false, columns: tables.application_test, file: null },
  ],
  history: homeCreditHistory,
  outcomeOf: outcomeIn,
  readRow: (table, row, rowNumber) => readRow(knownTable(table), row, rowNumber),
  openReader: (name, columnNames) => {
    const table = knownTable(name);
    const readSound = openSoundReader(table, columnNames);
    return (columns, position, rowNumber) => readSound(columns, position) ?? readRow(table, rowAt(columnNames, columns, position), rowNumber);
  },
  openColumnReader: (name, columnNames) => openSoundColumns(knownTable(name), columnNames),
};

/** Everything that knows the raw tables of Home Credit: columns, keys, and the way to applications and back. */
export const homeCredit = {
  keyColumn: KEY_COLUMN,
  targetColumn: TARGET_COLUMN,
  tables,
  checkColumns,
  checkRow,
  readRow,
  toApplication,
  toRow,
} as const;
