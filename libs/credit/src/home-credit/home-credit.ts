import { identifierSchema, type Application, type FieldValue } from '@lisible/contracts';
import { validateApplication } from '../applications/index.ts';
import { dayOfInstant, dayOfIsoDate, isoDateOfDay } from '../features/index.ts';
import {
  checkColumns as checkTableColumns,
  type RawColumn,
  type RawDataProblem,
  type RawReading,
  type RawRow,
  type RawSource,
  type RawValue,
} from '../lender/index.ts';
import type { HomeCreditField } from './declare-field.ts';
import { homeCreditFields } from './fields/index.ts';
import { homeCreditCatalogue } from './home-credit-catalogue.ts';
import { homeCreditHistory } from './history/index.ts';

export interface ColumnDeclaration extends RawColumn {
  readonly kind: 'key' | 'target' | 'number' | 'flag' | 'yes-no' | 'category' | 'relative-days' | 'weekday' | 'hour' | 'text' | 'branch' | 'iso-date';
}

export type HomeCreditTable = 'application_train' | 'application_test';

const KEY_COLUMN = 'SK_ID_CURR';
const TARGET_COLUMN = 'TARGET';
const WEEKDAY_COLUMN = 'WEEKDAY_APPR_PROCESS_START';
const HOUR_COLUMN = 'HOUR_APPR_PROCESS_START';
/** Not in the source: a lender's own, and the generated population's. */
const BRANCH_COLUMN = 'BRANCH_ID';
const DATE_COLUMN = 'APPLICATION_DATE';

/** The source names no currency; this is the lender's own. */
const CURRENCY = 'EUR';

/** The source tells only weekday and hour of an application, not its date: both are kept by placing it in one week, which begins on this Monday. */
const REFERENCE_MONDAY = dayOfIsoDate('2026-01-05');
const MILLISECONDS_PER_HOUR = 3_600_000;
const HOURS_PER_DAY = 24;
const MIDDAY = 12;
const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

/** Numbers that the source writes for "not known" or "does not apply", by column. */
const missingCodes: ReadonlyMap<string, number> = new Map([
  ['DAYS_EMPLOYED', 365_243],
  ['REGION_RATING_CLIENT_W_CITY', -1],
]);

const missingMarkers: ReadonlySet<string> = new Set(homeCreditCatalogue.missingMarkers);

const declared: readonly ColumnDeclaration[] = [
  { name: WEEKDAY_COLUMN, kind: 'weekday', isOptional: false },
  { name: HOUR_COLUMN, kind: 'hour', isOptional: false },
  { name: BRANCH_COLUMN, kind: 'branch', isOptional: true },
  { name: DATE_COLUMN, kind: 'iso-date', isOptional: true },
  ...homeCreditFields.map(({ column }): ColumnDeclaration => ({ name: column.name, kind: column.conversion, isOptional: column.isOptional })),
];
const key: ColumnDeclaration = { name: KEY_COLUMN, kind: 'key', isOptional: false };
const target: ColumnDeclaration = { name: TARGET_COLUMN, kind: 'target', isOptional: false };

const tables: Readonly<Record<HomeCreditTable, readonly ColumnDeclaration[]>> = {
  application_train: [key, target, ...declared],
  application_test: [key, ...declared],
};

/** Declared columns that a table lacks or has twice; columns that nobody declared are left alone. */
const checkColumns = (table: HomeCreditTable, columns: readonly string[]): readonly RawDataProblem[] =>
  checkTableColumns({ name: table, columns: tables[table] }, columns);

const numberIn = (value: RawValue | undefined): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
};

/** `1.0`: a tool that holds numbers and gaps in one column writes whole numbers so. */
const YES: ReadonlySet<string> = new Set(['Y', 'Yes', '1', '1.0', 'true', 'True']);
const NO: ReadonlySet<string> = new Set(['N', 'No', '0', '0.0', 'false', 'False']);

const truthIn = (value: RawValue | undefined): boolean | null => {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined) return null;
  const text = String(value).trim();
  if (YES.has(text)) return true;
  return NO.has(text) ? false : null;
};

/** Some 1,900 years: dates within are written `YYYY-MM-DD`. */
const LONGEST_DAYS = 700_000;
const isPossibleLength = (days: number): boolean => Math.abs(days) <= LONGEST_DAYS;

const isHour = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < HOURS_PER_DAY;

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

const convert = ({ column, rawCategories }: HomeCreditField, value: RawValue | undefined, submissionDay: number): FieldValue => {
  if (value === null || value === undefined || value === '') return null;
  switch (column.conversion) {
    case 'number': {
      const number = numberIn(value);
      return missingCodes.get(column.name) === number ? null : orNull(number);
    }
    case 'relative-days': {
      const days = numberIn(value);
      if (!isPossibleLength(days) || missingCodes.get(column.name) === days) return null;
      return isoDateOfDay(submissionDay + Math.round(days));
    }
    case 'flag':
    case 'yes-no':
      return truthIn(value);
    case 'category': {
      const text = String(value);
      // A word that the catalogue does not know goes through as it is: validation notes it and features see it as missing.
      return missingMarkers.has(text) ? null : (rawCategories.get(text) ?? text);
    }
    case 'text':
      return String(value);
  }
};

const isAbsent = (value: RawValue | undefined): value is null | undefined | '' => value === null || value === undefined || value === '';

/** The day that an ISO date names; null for what is none. */
const dayIn = (value: RawValue | undefined): number | null => {
  const day = typeof value === 'string' ? dayOfIsoDate(value) : Number.NaN;
  return Number.isNaN(day) ? null : day;
};

const weekdayOf = (day: number): string | null => weekdays[(((day - REFERENCE_MONDAY) % 7) + 7) % 7] ?? null;

const submissionOf = (row: RawRow): { readonly day: number; readonly instant: string } => {
  const weekday = weekdays.findIndex((name) => name === row[WEEKDAY_COLUMN]);
  const hour = numberIn(row[HOUR_COLUMN]);
  const day = dayIn(row[DATE_COLUMN]) ?? REFERENCE_MONDAY + Math.max(weekday, 0);
  // `checkRow` refuses a row without either; an application cannot be without a moment.
  const hourOfDay = isHour(hour) ? hour : MIDDAY;
  return { day, instant: new Date((day * HOURS_PER_DAY + hourOfDay) * MILLISECONDS_PER_HOUR).toISOString() };
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
  for (const declaration of homeCreditFields) {
    const value = convert(declaration, row[declaration.column.name], submission.day);
    if (value !== null) application[declaration.field.name] = value;
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

const outcomeIn = (value: RawValue | undefined): 0 | 1 | null => {
  const outcome = numberIn(value);
  return outcome === 1 ? 1 : outcome === 0 ? 0 : null;
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

const isTable = (name: string): name is HomeCreditTable => Object.hasOwn(tables, name);

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
  readRow: (table, row, rowNumber) => {
    if (!isTable(table)) throw new RangeError(`Home Credit has no table of applications named ${table}`);
    return readRow(table, row, rowNumber);
  },
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
