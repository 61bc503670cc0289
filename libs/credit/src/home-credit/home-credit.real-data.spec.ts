import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { dataQualityNotes } from '../applications/index.ts';
import { computeFeatureMatrix, modelFeatureNames, policyInputs } from '../features/index.ts';
import type { RawRow } from '../lender/index.ts';
import { homeCredit, homeCreditCatalogue, type HomeCreditTable } from './index.ts';

const folder = fileURLToPath(new URL('../../../../../shared/data/home-credit/', import.meta.url));
const isThere = existsSync(folder);
if (!isThere) console.warn('SKIPPED: real Home Credit rows; ../shared/data/home-credit is absent');

/** Cells of a line; the extract quotes cells that hold a comma and has no quotes or line ends inside them. */
const cellsOf = (line: string): readonly string[] => {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
};

const readTable = (table: HomeCreditTable): { readonly columns: readonly string[]; readonly rows: readonly RawRow[] } => {
  const [header = '', ...lines] = gunzipSync(readFileSync(`${folder}${table}.csv.gz`))
    .toString()
    .trimEnd()
    .split(/\r?\n/u);
  const columns = cellsOf(header);
  const rows = lines.map((line): RawRow => {
    const cells = cellsOf(line);
    return Object.fromEntries(columns.map((name, position) => [name, cells[position] === '' ? null : (cells[position] ?? null)]));
  });
  return { columns, rows };
};

(isThere ? describe : describe.skip)('on the real extract (../shared/data/home-credit)', () => {
  it.each([
    { table: 'application_train', numRows: 33_907 },
    { table: 'application_test', numRows: 2_479 },
  ] as const)(
    'every row of $table converts, passes and comes back',
    ({ table, numRows }) => {
      const { columns, rows } = readTable(table);
      expect(rows).toHaveLength(numRows);
      expect(homeCredit.checkColumns(table, columns)).toEqual([]);
      // Nothing of the table is forgotten either.
      const declared = homeCredit.tables[table].filter(({ isOptional }) => !isOptional).map(({ name }) => name);
      expect(declared.toSorted()).toEqual(columns.toSorted());

      const applications = rows.map(homeCredit.toApplication);
      // checkRow validates the application too.
      expect(rows.flatMap((row, index) => homeCredit.checkRow(table, row, index + 1))).toEqual([]);
      const notes = applications.flatMap((application) => dataQualityNotes(homeCreditCatalogue, application));
      expect(notes.filter(({ kind }) => kind === 'unseen-category')).toEqual([]);

      // No real application says so little that the rule would send it to a person.
      const shares = applications.map((application) => Number(policyInputs(homeCreditCatalogue, application)['knownFieldShare']));
      expect(Math.min(...shares)).toBeGreaterThan(0.4);

      const numeric = homeCredit.tables[table].filter(({ kind }) => kind === 'number' || kind === 'relative-days').map(({ name }) => name);
      let changedCells = 0;
      for (const [index, application] of applications.entries()) {
        const back = homeCredit.toRow(application);
        const row = rows[index] ?? {};
        for (const name of numeric) {
          if ((row[name] === null ? null : Number(row[name])) !== (back[name] ?? null)) changedCells += 1;
        }
      }
      expect(changedCells).toBe(0);

      const names = modelFeatureNames(homeCreditCatalogue);
      const matrix = computeFeatureMatrix(homeCreditCatalogue, applications, names);
      expect(matrix.values).toHaveLength(numRows * names.length);
      expect(matrix.values.some((value) => value === Infinity || value === -Infinity)).toBe(false);
      // A feature that nobody has, or that says the same of everybody, would be a broken one.
      const constant = names.filter((_, feature) => {
        const first = matrix.values[feature];
        for (let row = 1; row < numRows; row += 1) if (!Object.is(matrix.values[row * names.length + feature], first)) return false;
        return true;
      });
      expect(constant).toEqual([]);
    },
    120_000,
  );
});
