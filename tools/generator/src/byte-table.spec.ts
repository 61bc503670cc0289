import fc from 'fast-check';
import { ByteTable } from './byte-table.ts';

const textOf = (write: (table: ByteTable) => void): string => {
  const table = new ByteTable();
  write(table);
  table.endRow();
  return new TextDecoder().decode(table.take());
};

describe('cells', () => {
  it('hold any whole number of 32 bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }), (value) => {
        expect(textOf((table) => table.integer(value))).toBe(`${value}\n`);
        expect(textOf((table) => table.float(value))).toBe(`${value}.0\n`);
      }),
    );
  });

  it('hold amounts to the thousandth, with at least one decimal and no needless zero', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2e12, max: 2e12 }), (thousandths) => {
        const text = textOf((table) => table.thousandths(thousandths)).trimEnd();
        expect(text).toMatch(/^-?\d+\.(\d|\d*[1-9])$/);
        expect(Math.round(Number(text) * 1000)).toBe(thousandths);
      }),
    );
    expect(textOf((table) => table.thousandths(49_018_500))).toBe('49018.5\n');
    expect(textOf((table) => table.thousandths(90_000_000))).toBe('90000.0\n');
    expect(textOf((table) => table.thousandths(-5))).toBe('-0.005\n');
  });

  it('are empty where the value is not known', () => {
    expect(
      textOf((table) => {
        table.integer(NaN);
        table.float(NaN);
        table.thousandths(NaN);
        table.number(NaN, true);
        table.empty();
      }),
    ).toBe(',,,,\n');
  });

  it('are quoted where they hold a comma or a quote', () => {
    expect(
      textOf((table) => {
        table.text('Spouse, partner');
        table.text('allée "Bleue"');
      }),
    ).toBe('"Spouse, partner","allée ""Bleue"""\n');
  });

  it('keep every digit of a fraction, and mark whole numbers of decimal columns', () => {
    expect(
      textOf((table) => {
        table.number(0.1389069478979823, true);
        table.number(12, true);
        table.number(12, false);
        table.number(5e9, false);
      }),
    ).toBe('0.1389069478979823,12.0,12,5000000000\n');
  });
});

describe('rows', () => {
  it('follow one another however many there are, and start anew once taken', () => {
    const table = new ByteTable();
    const expected: string[] = [];
    for (let row = 0; row < 20_000; row++) {
      table.integer(row);
      table.thousandths(row * 10);
      table.endRow();
      expected.push(`${row},${(row / 100).toFixed(2).replace(/(\.\d)0$/, '$1')}`);
    }
    expect(table.rows).toBe(20_000);
    expect(new TextDecoder().decode(table.take()).trimEnd().split('\n')).toEqual(expected);
    expect(table.rows).toBe(0);
    expect(table.take()).toHaveLength(0);
  });
});
