/** Texts of one column, a client after the other, in two arrays: hundreds of thousands of strings would be as many objects for the collector. */
export interface TextColumn {
  readonly length: number;
  get(row: number): string;
  readonly bytes: number;
  /** UTF-8, each text followed by a line feed. */
  readonly content: Uint8Array;
  /** Where each text begins; one longer than the rows. */
  readonly starts: Uint32Array;
}

export interface TextColumnBuilder {
  add(text: string): void;
  finish(): TextColumn;
}

const lineFeed = 10;

export const createTextColumn = (numRows: number): TextColumnBuilder => {
  let content = Buffer.allocUnsafe(Math.max(64, numRows * 16));
  const starts = new Uint32Array(numRows + 1);
  let row = 0;
  let end = 0;
  return {
    add: (text) => {
      // A line feed within a text would look like the end of it.
      const kept = text.includes('\n') ? text.replaceAll('\n', ' ') : text;
      // No UTF-16 unit becomes more than three bytes.
      const most = end + 3 * kept.length + 1;
      if (most > content.length) {
        const larger = Buffer.allocUnsafe(Math.max(2 * content.length, most));
        content.copy(larger, 0, 0, end);
        content = larger;
      }
      end += content.write(kept, end);
      content[end] = lineFeed;
      end += 1;
      row += 1;
      starts[row] = end;
    },
    finish: () => {
      const kept = Buffer.from(content.subarray(0, end));
      const textAt = (at: number): string => kept.toString('utf8', starts[at], (starts[at + 1] ?? 1) - 1);
      return { length: row, get: textAt, bytes: kept.length + starts.byteLength, content: kept, starts };
    },
  };
};

/** Compares two texts of one column byte by byte, which for identifiers is code unit by code unit. */
export const compareTexts = ({ content, starts }: TextColumn, first: number, second: number): number => {
  let a = starts[first] ?? 0;
  let b = starts[second] ?? 0;
  const end = Math.min((starts[first + 1] ?? 1) - 1 - a, (starts[second + 1] ?? 1) - 1 - b);
  for (let index = 0; index < end; index += 1, a += 1, b += 1) {
    const difference = (content[a] ?? 0) - (content[b] ?? 0);
    if (difference !== 0) return difference;
  }
  return (starts[first + 1] ?? 0) - (starts[first] ?? 0) - ((starts[second + 1] ?? 0) - (starts[second] ?? 0));
};

/** The rows by their texts, ascending. */
export const sortByText = (column: TextColumn): Uint32Array =>
  Uint32Array.from({ length: column.length }, (_, row) => row).sort((a, b) => compareTexts(column, a, b) || a - b);

/** How many of the ordered texts come before this one; with `orEqual` those that are this one too. */
export const countBefore = (column: TextColumn, order: Uint32Array, text: string, orEqual = false): number => {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = column.get(order[middle] ?? 0);
    if (other < text || (orEqual && other === text)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The row that holds a text, by its `sortByText`; −1 where none does. Of several the first. */
export const findText = (column: TextColumn, order: Uint32Array, text: string): number => {
  const row = order[countBefore(column, order, text)];
  return row !== undefined && column.get(row) === text ? row : -1;
};

/** A pattern that short is found in most texts, after a few bytes each. */
const shortPattern = 2;

/** Sets 1 for each row whose text holds the wanted one; leaves the others as they are. */
export const markContaining = (column: TextColumn, wanted: string, into: Uint8Array): void => {
  const pattern = Buffer.from(wanted);
  if (pattern.length === 0) into.fill(1);
  else if (pattern.length <= shortPattern) markShort(column, pattern, into);
  else markLong(column, pattern, into);
};

const markShort = ({ content, starts, length }: TextColumn, pattern: Uint8Array, into: Uint8Array): void => {
  const [first, second = null] = pattern;
  for (let row = 0; row < length; row += 1) {
    const end = (starts[row + 1] ?? 1) - 1;
    for (let at = starts[row] ?? 0; at < end; at += 1) {
      if (content[at] !== first || (second !== null && content[at + 1] !== second)) continue;
      into[row] = 1;
      break;
    }
  }
};

/** By the engine's own search, which takes many bytes at a time; after a hit it goes on at the next text. */
const markLong = ({ content, starts, length }: TextColumn, pattern: Buffer, into: Uint8Array): void => {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  let row = 0;
  for (let at = bytes.indexOf(pattern); at !== -1; at = bytes.indexOf(pattern, starts[row + 1])) {
    row = rowAt(starts, length, at, row);
    into[row] = 1;
  }
};

/** The row whose text this place lies in, not before a known one: by doubling steps, since hits lie near each other or far apart. */
const rowAt = (starts: Uint32Array, length: number, at: number, from: number): number => {
  let low = from;
  let step = 1;
  while (low + step < length && (starts[low + step] ?? 0) <= at) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, length);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low;
};
