import * as fc from 'fast-check';
import { codeApplication, createCodedRows } from '../features/index.ts';
import type { ColumnOfCells, RawRow, RawValue } from '../lender/index.ts';
import { applications } from './applications.arbitrary.ts';
import { homeCredit, homeCreditCatalogue, homeCreditLender } from './index.ts';
import { openSoundColumns } from './sound-columns.ts';

const { source } = homeCreditLender;
const table = 'application_train';
const columnNames = homeCredit.tables[table].map(({ name }) => name);
const rows: fc.Arbitrary<RawRow> = fc
  .tuple(applications, fc.constantFrom<RawValue>(0, 1, '1.0'))
  .map(([application, TARGET]) => ({ ...homeCredit.toRow(application), TARGET }));
const dates = ['DAYS_BIRTH', 'DAYS_EMPLOYED', 'DAYS_REGISTRATION', 'DAYS_ID_PUBLISH'];
/** Some rows, one of which may have a cell that is not what its column declares, or is written otherwise. */
const blocks = fc.tuple(
  fc.array(rows, { minLength: 1, maxLength: 6 }),
  fc.nat(),
  fc.oneof(
    fc.constantFrom(...columnNames),
    fc.constantFrom(...dates, 'APPLICATION_DATE', 'WEEKDAY_APPR_PROCESS_START', 'HOUR_APPR_PROCESS_START', 'SK_ID_CURR', 'BRANCH_ID', 'TARGET'),
  ),
  fc.option(
    fc.oneof(
      fc.constantFrom<RawValue>(
        null,
        '',
        ' ',
        'XNA',
        'abc',
        '1.0',
        ' 1 ',
        '1_000',
        '2026-01-07',
        365_243,
        -1,
        0.5,
        -20_000,
        -30_000,
        700_001,
        'MONDAY',
      ),
      fc.integer(),
    ),
    { nil: undefined },
  ),
);

/** As few objects as the cells allow: numbers where all are, words where all are texts, else the cells. */
const toColumn = (cells: readonly RawValue[]): ColumnOfCells => {
  const all = (type: string): boolean => cells.every((cell) => cell === null || typeof cell === type);
  if (all('number')) return { kind: 'number', numbers: Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : Number.NaN)) };
  if (!all('string')) return { kind: 'cell', cells };
  const words = [...new Set(cells.filter((cell) => typeof cell === 'string'))].toReversed();
  return { kind: 'word', words, numbers: Float64Array.from(cells, (cell) => (typeof cell === 'string' ? words.indexOf(cell) : Number.NaN)) };
};

describe('reading columns', () => {
  it('gives the numbers of the application that a row alone would give, and leaves every row that has none', () => {
    let numSound = 0;
    let numLeft = 0;
    const kinds = new Set<string>();
    const read = openSoundColumns(table, columnNames);
    fc.assert(
      fc.property(blocks, ([given, place, name, strange]) => {
        const block = given.map((row, index) => (strange !== undefined && index === place % given.length ? { ...row, [name]: strange } : row));
        const columns = columnNames.map((column) => toColumn(block.map((row) => row[column] ?? null)));
        for (const { kind } of columns) kinds.add(kind);
        const { isSound, applicationIds, rows: coded } = read(columns, block.length);
        for (const [index, row] of block.entries()) {
          const { application, problems } = source.readRow(table, row, 1);
          if (isSound[index] !== 1) {
            numLeft += 1;
            continue;
          }
          numSound += 1;
          expect(problems).toEqual([]);
          expect(applicationIds[index]).toBe(application?.applicationId);
          const expected = createCodedRows(homeCreditCatalogue, 1);
          codeApplication(homeCreditCatalogue, expected, 0, application!);
          expect(coded.columns.map((column) => column[index])).toEqual(expected.columns.map(([code]) => code));
        }
      }),
      { seed: 5, numRuns: 300 },
    );
    expect([...kinds].toSorted()).toEqual(['cell', 'number', 'word']);
    expect(numSound).toBeGreaterThan(600);
    expect(numLeft).toBeGreaterThan(40);
  });

  it('leaves no row in which nothing is wrong', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), (block) => {
        const columns = columnNames.map((column) => toColumn(block.map((row) => row[column] ?? null)));
        expect([...openSoundColumns(table, columnNames)(columns, block.length).isSound]).toEqual(block.map(() => 1));
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('leaves every row of a table without a column that it needs', () => {
    const [row] = fc.sample(rows, { seed: 8, numRuns: 1 });
    const few = columnNames.filter((name) => name !== 'AMT_CREDIT');
    const columns = few.map((name) => toColumn([row![name] ?? null]));
    expect([...openSoundColumns(table, few)(columns, 1).isSound]).toEqual([0]);
  });
});
