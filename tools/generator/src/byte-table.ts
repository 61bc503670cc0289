const COMMA = 44;
const NEWLINE = 10;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/** No row of any table is longer, but for those that are written cell by cell through `text`. */
const roomForRow = 2_048;

const encoder = new TextEncoder();

/** A cell's bytes as CSV wants them: quoted where it holds a comma, a quote or a line's end. */
export const encodeCell = (text: string): Uint8Array => encoder.encode(/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Rows of a CSV table as bytes in one growing buffer: nothing is allocated for a row or a cell, which is what lets tens of millions of rows
 * be written in minutes. Every cell ends with a comma; `endRow` turns the last one into a line's end. `NaN` is an empty cell.
 */
export class ByteTable {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #rows = 0;
  readonly #known = new Map<string, Uint8Array>();

  constructor(capacity = 1 << 16) {
    this.#bytes = new Uint8Array(Math.max(capacity, 2 * roomForRow));
  }

  get rows(): number {
    return this.#rows;
  }

  /** A whole number within ±2³¹. */
  integer(value: number): void {
    if (value === value) this.#digits(value);
    this.#bytes[this.#length++] = COMMA;
  }

  /** A whole number in a column of decimal ones: `12.0`. */
  float(value: number): void {
    if (value === value) {
      this.#digits(value);
      this.#bytes[this.#length++] = POINT;
      this.#bytes[this.#length++] = ZERO;
    }
    this.#bytes[this.#length++] = COMMA;
  }

  /** An amount in whole thousandths, below 2³¹ units: 49018500 is written `49018.5`, 90000000 `90000.0`. */
  thousandths(value: number): void {
    if (value === value) {
      const size = Math.abs(value);
      if (value < 0) this.#bytes[this.#length++] = MINUS;
      const whole = Math.floor(size / 1000);
      const rest = size - whole * 1000;
      this.#digits(whole);
      this.#bytes[this.#length++] = POINT;
      const tenths = (rest / 100) | 0;
      const hundredths = ((rest / 10) | 0) % 10;
      const last = rest % 10;
      this.#bytes[this.#length++] = ZERO + tenths;
      if (hundredths !== 0 || last !== 0) this.#bytes[this.#length++] = ZERO + hundredths;
      if (last !== 0) this.#bytes[this.#length++] = ZERO + last;
    }
    this.#bytes[this.#length++] = COMMA;
  }

  /** A cell that `encodeCell` made. */
  word(cell: Uint8Array): void {
    const bytes = this.#bytes;
    let length = this.#length;
    for (let index = 0; index < cell.length; index++) bytes[length++] = cell[index] ?? 0;
    bytes[length++] = COMMA;
    this.#length = length;
  }

  empty(): void {
    this.#bytes[this.#length++] = COMMA;
  }

  /** Any number as JavaScript writes it; `.0` behind whole ones where the column holds decimals. */
  number(value: number, isDecimal: boolean): void {
    if (Number.isNaN(value)) {
      this.empty();
      return;
    }
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
      if (isDecimal) this.float(value);
      else this.integer(value);
      return;
    }
    const text = String(value);
    for (let index = 0; index < text.length; index++) this.#bytes[this.#length++] = text.charCodeAt(index);
    this.#bytes[this.#length++] = COMMA;
  }

  /** Words that come again and again: each is encoded once. */
  text(value: string): void {
    let cell = this.#known.get(value);
    if (cell === undefined) {
      cell = encodeCell(value);
      this.#known.set(value, cell);
    }
    this.word(cell);
  }

  endRow(): void {
    this.#bytes[this.#length - 1] = NEWLINE;
    this.#rows++;
    if (this.#length + roomForRow > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
  }

  /** The rows so far, copied; the table is empty afterwards and keeps its room. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    this.#rows = 0;
    return taken;
  }

  #digits(value: number): void {
    let rest = value | 0;
    if (rest < 0) {
      this.#bytes[this.#length++] = MINUS;
      rest = -rest;
    }
    let digits = 1;
    for (let bound = 10; digits < 10 && rest >= bound; bound *= 10) digits++;
    const bytes = this.#bytes;
    const end = this.#length + digits;
    for (let at = end - 1; at >= this.#length; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.#length = end;
  }
}
