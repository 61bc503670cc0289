import type { Application, FieldValue } from '@lisible/contracts';
import { validateApplication } from '../applications/index.ts';
import { readerByRow, type RawColumn, type RawDataProblem, type RawReading, type RawRow, type RawSource, type RawValue } from '../lender/index.ts';
import type { GermanCreditField } from './declare-field.ts';
import { germanCreditFields } from './fields.ts';
import { germanCreditCatalogue } from './german-credit-catalogue.ts';

const NUM_ATTRIBUTES = 20;
/** The file has no header: its columns are named as the description numbers them. */
const columnOf = (attribute: number): string => `attribute${attribute}`;
const TARGET_COLUMN = 'class';
/** The source tells neither client nor date: rows are numbered, and placed on the day that the data were published. */
const SUBMITTED_AT = '1994-11-17T12:00:00.000Z';
const CURRENCY = 'DEM';

const columns: readonly RawColumn[] = [
  ...Array.from({ length: NUM_ATTRIBUTES }, (_, index) => ({ name: columnOf(index + 1), isOptional: false })),
  { name: TARGET_COLUMN, isOptional: false },
];

const isMissing = (cell: RawValue | undefined): boolean => cell === null || cell === undefined || cell === '';

/** 1 in the file is a good loan, 2 a bad one. */
const outcomeOf = (cell: RawValue | undefined): 0 | 1 | null => {
  const outcome = isMissing(cell) ? Number.NaN : Number(cell);
  return outcome === 2 ? 1 : outcome === 1 ? 0 : null;
};

/** The field's value; a code that the description does not know goes through as it is, for validation to note. */
const valueOf = ({ field, codes }: GermanCreditField, cell: RawValue | undefined): FieldValue => {
  if (isMissing(cell)) return null;
  if (field.type === 'category') return codes.get(String(cell)) ?? String(cell);
  const number = Number(cell);
  return Number.isFinite(number) ? number : null;
};

const toApplication = (row: RawRow, rowNumber: number): Application => {
  const identifier = String(rowNumber);
  const application: Application = { applicationId: identifier, clientId: identifier, submittedAt: SUBMITTED_AT, currency: CURRENCY };
  for (const declared of germanCreditFields) {
    const value = valueOf(declared, row[columnOf(declared.attribute)]);
    if (value !== null) application[declared.field.name] = value;
  }
  return application;
};

const attributeOf = new Map(germanCreditFields.map(({ field, attribute }) => [field.name, columnOf(attribute)]));

const readRow = (table: string, row: RawRow, rowNumber: number): RawReading => {
  const problems: RawDataProblem[] = [];
  const report = (column: string, reason: string): void => void problems.push({ table, column, row: rowNumber, reason });
  const defaulted = outcomeOf(row[TARGET_COLUMN]);
  if (defaulted === null) report(TARGET_COLUMN, 'the outcome is neither 1 nor 2');
  for (const { field, attribute } of germanCreditFields) {
    const cell = row[columnOf(attribute)];
    if (field.type !== 'category' && !isMissing(cell) && !Number.isFinite(Number(cell))) report(columnOf(attribute), 'not a number');
  }
  const unreadable = new Set(problems.map(({ column }) => column));
  const validation = validateApplication(germanCreditCatalogue, toApplication(row, rowNumber));
  if (!validation.isValid) {
    for (const { field, message } of validation.problems) {
      const column = attributeOf.get(field) ?? field;
      if (!unreadable.has(column)) report(column, message.en);
    }
  }
  const isSound = validation.isValid && problems.length === 0;
  return { application: isSound ? validation.application : null, defaulted: isSound ? defaulted : null, problems };
};

/** `german.data` as UCI gives it: tabs, one blank line, no header, no key. */
export const germanCreditSource: RawSource = {
  keyColumn: null,
  targetColumn: TARGET_COLUMN,
  tables: [
    {
      name: 'german',
      role: 'labelled',
      isRequired: true,
      columns,
      file: { name: 'german.data', layout: { separator: '\t', blankLines: 1, hasHeader: false } },
    },
  ],
  history: null,
  outcomeOf,
  readRow,
  openReader: readerByRow(readRow),
};
