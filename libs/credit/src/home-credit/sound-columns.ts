import type { Application, FieldValue } from '@lisible/contracts';
import { fieldChecksOf, isSoundEnvelope } from '../applications/index.ts';
import { codingOf, createCodedRows, SUBMITTED_AT } from '../features/index.ts';
import { cellAt, type ColumnOfCells, type ColumnReader, type RawValue } from '../lender/index.ts';
import { cellReaderOf, HOURS_PER_DAY, isAbsent, outcomeIn } from './cells.ts';
import { BRANCH_COLUMN, CURRENCY, DATE_COLUMN, HOUR_COLUMN, KEY_COLUMN, TARGET_COLUMN, WEEKDAY_COLUMN, type HomeCreditTable } from './columns.ts';
import { homeCreditFields } from './fields/index.ts';
import { homeCreditCatalogue } from './home-credit-catalogue.ts';
import { createClock, submissionHourIn } from './sound-rows.ts';

/** What a cell gives: the number that features read, NaN where it is missing or not coded; null where `readRow` must judge. */
type CellCode = (cell: RawValue | undefined, submissionDay: number, others: Application) => number | null;

interface FieldColumn {
  readonly place: number;
  /** In the catalogue's coding; null for a field that is not coded. */
  readonly position: number | null;
  readonly codeOf: CellCode;
  /** True when a cell gives the same whatever the day and the other cells. */
  readonly standsAlone: boolean;
}

const catalogue = homeCreditCatalogue;
const coding = codingOf(catalogue);
const checks = new Map(fieldChecksOf(catalogue).map((check) => [check.name, check]));
const earlierDates = new Set(catalogue.fields.flatMap(({ notBefore }) => notBefore ?? []));

/** A cell read, checked and coded by the functions that do so in an application. */
const cellCodeOf = (declared: (typeof homeCreditFields)[number]): CellCode => {
  const { name } = declared.field;
  const read = cellReaderOf(declared);
  const encode = coding.findEncoder(name);
  const check = checks.get(name);
  const isRequired = check?.isRequired ?? false;
  const isEarlierDate = earlierDates.has(name);
  return (cell, submissionDay, others) => {
    const value: FieldValue | undefined = isAbsent(cell) ? null : read(cell, submissionDay);
    if (isEarlierDate) others[name] = value ?? null;
    if (value === undefined) return null;
    if (value === null) return isRequired ? null : Number.NaN;
    if (check?.isSound(value, submissionDay, others) === false) return null;
    return encode === null ? Number.NaN : encode(value, submissionDay);
  };
};

/** Dates that others must not precede come first. */
const fieldColumnsOf = (columnNames: readonly string[]): readonly FieldColumn[] =>
  homeCreditFields
    .toSorted((one, other) => Number(earlierDates.has(other.field.name)) - Number(earlierDates.has(one.field.name)))
    .map((declared) => ({
      place: columnNames.indexOf(declared.column.name),
      position: coding.findEncoder(declared.field.name) === null ? null : coding.getPosition(declared.field.name),
      codeOf: cellCodeOf(declared),
      standsAlone: declared.field.type !== 'date',
    }));

/**
 * The short way from columns to what features read: for each row in which `readRow` would find nothing wrong, the numbers that the
 * coding makes of its application, which is not made. Cells go through the functions of the long way, a column at a time; those of words
 * once a word.
 */
export const openSoundColumns = (table: HomeCreditTable, columnNames: readonly string[]): ColumnReader => {
  const fields = fieldColumnsOf(columnNames);
  const writeInstant = createClock();
  return (columns, numRows) => {
    const columnOf = (name: string): ColumnOfCells | undefined => columns[columnNames.indexOf(name)];
    const [keys, outcomes, weekdays] = [columnOf(KEY_COLUMN), columnOf(TARGET_COLUMN), columnOf(WEEKDAY_COLUMN)];
    const [hours, branches, dates] = [columnOf(HOUR_COLUMN), columnOf(BRANCH_COLUMN), columnOf(DATE_COLUMN)];
    const rows = createCodedRows(catalogue, numRows);
    const isSound = new Uint8Array(numRows);
    const submissionDays = new Float64Array(numRows);
    const submissionHours = rows.columns[coding.getPosition(SUBMITTED_AT)];
    const applicationIds = Array.from({ length: numRows }, (_, row) => String(cellAt(keys, row) ?? ''));
    for (let row = 0; row < numRows; row += 1) {
      const hour = submissionHourIn(cellAt(weekdays, row), cellAt(hours, row), cellAt(dates, row));
      if (hour === null || (table === 'application_train' && outcomeIn(cellAt(outcomes, row)) === null)) continue;
      const identifier = applicationIds[row] ?? '';
      const branch = cellAt(branches, row);
      const envelope = { applicationId: identifier, clientId: identifier, submittedAt: writeInstant(hour), currency: CURRENCY };
      if (!isSoundEnvelope(isAbsent(branch) ? envelope : { ...envelope, branchId: String(branch) })) continue;
      isSound[row] = 1;
      submissionDays[row] = Math.floor(hour / HOURS_PER_DAY);
      if (submissionHours !== undefined) submissionHours[row] = hour;
    }
    // Holds the dates that others must not precede.
    const others = Array.from({ length: numRows }, (): Application => ({ ...emptyApplication }));
    for (const field of fields) {
      const column = field.place < 0 ? undefined : columns[field.place];
      const codes = field.position === null ? new Float64Array(numRows) : rows.columns[field.position];
      if (codes === undefined) continue;
      if (field.standsAlone && (column === undefined || column.kind === 'word')) codeWords(field, column, codes, isSound);
      else codeCells(field, column, codes, isSound, submissionDays, others);
    }
    return { isSound, applicationIds, rows };
  };
};

/** Each word once. */
const codeWords = (
  { codeOf }: FieldColumn,
  column: Extract<ColumnOfCells, { readonly kind: 'word' }> | undefined,
  codes: Float64Array,
  isSound: Uint8Array,
): void => {
  const missing = codeOf(null, Number.NaN, emptyApplication);
  const ofWords = column?.words.map((word) => codeOf(word, Number.NaN, emptyApplication)) ?? [];
  for (let row = 0; row < codes.length; row += 1) {
    const word = column?.numbers[row] ?? Number.NaN;
    const code = Number.isNaN(word) ? missing : (ofWords[word] ?? null);
    if (code === null) isSound[row] = 0;
    else codes[row] = code;
  }
};

const codeCells = (
  { codeOf }: FieldColumn,
  column: ColumnOfCells | undefined,
  codes: Float64Array,
  isSound: Uint8Array,
  submissionDays: Float64Array,
  others: readonly Application[],
): void => {
  for (let row = 0; row < codes.length; row += 1) {
    // What is not sound has no day to count from.
    if (isSound[row] === 0) continue;
    const code = codeOf(cellAt(column, row), submissionDays[row] ?? Number.NaN, others[row] ?? emptyApplication);
    if (code === null) isSound[row] = 0;
    else codes[row] = code;
  }
};

const emptyApplication: Application = { applicationId: '', clientId: '', submittedAt: '', currency: CURRENCY };
