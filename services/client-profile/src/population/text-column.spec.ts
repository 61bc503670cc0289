import fc from 'fast-check';
import { countBefore, createTextColumn, findText, markContaining, sortByText } from './text-column.ts';
import type { TextColumn } from './text-column.ts';

const columnOf = (texts: readonly string[]): TextColumn => {
  const builder = createTextColumn(texts.length);
  for (const text of texts) builder.add(text);
  return builder.finish();
};

const texts = fc.array(
  fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 6 }), fc.constantFrom('', 'roux', 'roux1', 'élodie roux')),
  {
    maxLength: 60,
  },
);
const identifiers = fc.array(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,8}$/), { maxLength: 60 });
/** A line feed ends a text here: it is kept as a space. */
const kept = (text: string): string => text.replaceAll('\n', ' ').toWellFormed();

describe('a column of texts', () => {
  it('gives each text back', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const column = columnOf(all);
        expect(all.map((_, row) => column.get(row))).toEqual(all.map(kept));
      }),
      { seed: 28 },
    );
  });

  it('finds the texts that hold another, as `includes` does', () => {
    fc.assert(
      fc.property(texts, fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('r', 'ro', 'roux', 'ux1', 'é', 'e r')), (all, given) => {
        const wanted = kept(given);
        const marks = new Uint8Array(all.length);
        markContaining(columnOf(all), wanted, marks);
        expect([...marks]).toEqual(all.map((text) => Number(kept(text).includes(wanted))));
      }),
      { seed: 28, numRuns: 1000 },
    );
  });

  it('sorts identifiers by code unit, finds each, and counts those before any', () => {
    fc.assert(
      fc.property(identifiers, fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,8}$/), (all, other) => {
        const column = columnOf(all);
        const order = sortByText(column);
        const sorted = [...all].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        expect(Array.from(order, (row) => all[row])).toEqual(sorted);
        for (const id of all) expect(findText(column, order, id)).toBe(all.indexOf(id));
        expect(findText(column, order, other)).toBe(all.indexOf(other));
        expect([countBefore(column, order, other), countBefore(column, order, other, true)]).toEqual([
          all.filter((id) => id < other).length,
          all.filter((id) => id <= other).length,
        ]);
      }),
      { seed: 28, numRuns: 300 },
    );
  });
});
