import * as fc from 'fast-check';
import { rowAt, type RawRow, type RawValue } from '../lender/index.ts';
import { applications } from './applications.arbitrary.ts';
import { homeCredit, homeCreditLender } from './index.ts';
import { openSoundReader } from './sound-rows.ts';

const { source } = homeCreditLender;
const table = 'application_train';
const columnNames = homeCredit.tables[table].map(({ name }) => name);
const asText = (value: RawValue): RawValue => (value === null ? null : String(value));
const rows: fc.Arbitrary<RawRow> = fc.tuple(applications, fc.constantFrom<RawValue>(0, 1), fc.boolean()).map(([application, TARGET, isText]) => {
  const row = { ...homeCredit.toRow(application), TARGET };
  return isText ? Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)])) : row;
});
const strange: fc.Arbitrary<RawValue> = fc.oneof(
  fc.constantFrom<RawValue>(
    null,
    '',
    ' ',
    'XNA',
    'abc',
    '1.0',
    ' 1 ',
    '0x10',
    '1_000',
    '2026-02-30',
    '2026-01-07',
    365_243,
    -1,
    2,
    700_001,
    'MONDAY',
  ),
  fc.integer(),
  fc.string({ maxLength: 5 }),
);
/** Columns whose cells are held against one another, as often as all others together. */
const anyColumn = fc.oneof(
  fc.constantFrom(...columnNames),
  fc.constantFrom('APPLICATION_DATE', 'WEEKDAY_APPR_PROCESS_START', 'HOUR_APPR_PROCESS_START', 'SK_ID_CURR', 'BRANCH_ID', 'TARGET', 'DAYS_EMPLOYED'),
);
const toColumns = (row: RawRow): readonly (readonly RawValue[])[] => columnNames.map((name) => ['somebody else’s', row[name] ?? null]);

describe('reading rows in bulk', () => {
  it('has a short way through every sound row, which gives what the long one gives, in the same order', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const short = openSoundReader(table, columnNames)(toColumns(row), 1);
        const long = source.readRow(table, row, 7);
        expect(short).toEqual(long);
        expect(Object.keys(short?.application ?? {})).toEqual(Object.keys(long.application ?? {}));
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('tells whatever is wrong as one row alone would be told', () => {
    let numFaulty = 0;
    const read = source.openReader(table, columnNames);
    fc.assert(
      fc.property(rows, anyColumn, strange, (row, name, cell) => {
        const changed = { ...row, [name]: cell };
        const reading = source.readRow(table, changed, 7);
        if (reading.problems.length > 0) numFaulty += 1;
        expect(read(toColumns(changed), 1, 7)).toEqual(reading);
      }),
      { seed: 7, numRuns: 2000 },
    );
    expect(numFaulty).toBeGreaterThan(300);
  });

  it('reads a table without some of its columns, and knows no other table', () => {
    const few = columnNames.filter((name) => !['EXT_SOURCE_1', 'TARGET'].includes(name));
    const [row] = fc.sample(rows, { seed: 8, numRuns: 1 });
    const columns = few.map((name) => [row![name] ?? null]);
    expect(source.openReader(table, few)(columns, 0, 1)).toEqual(source.readRow(table, rowAt(few, columns, 0), 1));
    expect(() => source.openReader('bureau', few)).toThrow(RangeError);
  });
});
