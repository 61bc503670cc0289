/**
 * The space of attributions: a place a client, a number (log-odds) a reason. The places are halved again and again, each time by the reason that
 * varies most among them (a k-d tree: Friedman, Bentley and Finkel, 1977), so that alike clients stand together and whole parts that are far from
 * a point are never looked at. The reasons that vary most come first, so that a far client is told from a near one after a few of them.
 */
export interface AttributionSpace {
  readonly numRows: number;
  readonly numReasons: number;
  /** Places × reasons, in the order of `rowAt` and `reasonAt`. */
  readonly values: Float32Array;
  /** Which reason, of the order it was given in, stands where. */
  readonly reasonAt: readonly number[];
  /** Which client stands where. */
  readonly rowAt: Uint32Array;
  /** Where a client stands. */
  readonly placeOf: Uint32Array;
  /** How many times the places are halved. */
  readonly depth: number;
  /** Parts × reasons: the least and the greatest value within a part. The whole is part 0, the halves of part p are 2p + 1 and 2p + 2. */
  readonly least: Float32Array;
  readonly greatest: Float32Array;
}

/** A part of at most so many places is not halved. */
const placesInLeaf = 64;

/** Of so many places of a part it is judged which reason varies most. */
const judgedPlaces = 256;

/** Where the second half of the places from `from` until before `to` begins. */
export const middleOf = (from: number, to: number): number => (from + to) >> 1;

/** `columns`: one array a reason, a number a client. */
export const createAttributionSpace = (columns: readonly Float32Array[], numRows: number): AttributionSpace => {
  const numReasons = columns.length;
  const everybody = Uint32Array.from({ length: numRows }, (_, row) => row);
  const reasonAt = columns
    .map((column, reason) => ({ reason, variance: varianceAmong(column, everybody, 1) }))
    .sort((a, b) => b.variance - a.variance || a.reason - b.reason)
    .map(({ reason }) => reason);
  const ordered = reasonAt.map((reason) => columns[reason] ?? new Float32Array(numRows));
  const rowAt = everybody.slice();
  const depth = Math.max(0, Math.ceil(Math.log2(numRows / placesInLeaf)));
  const numParts = 2 ** (depth + 1) - 1;
  const least = new Float32Array(numParts * numReasons);
  const greatest = new Float32Array(numParts * numReasons);
  const halve = (part: number, from: number, to: number, halvings: number): void => {
    const start = part * numReasons;
    if (halvings === 0) {
      for (const [position, column] of ordered.entries()) {
        let [low, high] = [Infinity, -Infinity];
        for (let place = from; place < to; place += 1) {
          const value = column[rowAt[place] ?? 0] ?? 0;
          if (value < low) low = value;
          if (value > high) high = value;
        }
        least[start + position] = low;
        greatest[start + position] = high;
      }
      return;
    }
    const middle = middleOf(from, to);
    partition(rowAt, mostVaried(ordered, rowAt.subarray(from, to)), from, to, middle);
    halve(2 * part + 1, from, middle, halvings - 1);
    halve(2 * part + 2, middle, to, halvings - 1);
    const [first, second] = [(2 * part + 1) * numReasons, (2 * part + 2) * numReasons];
    for (let position = 0; position < numReasons; position += 1) {
      least[start + position] = Math.min(least[first + position] ?? 0, least[second + position] ?? 0);
      greatest[start + position] = Math.max(greatest[first + position] ?? 0, greatest[second + position] ?? 0);
    }
  };
  halve(0, 0, numRows, depth);
  const placeOf = new Uint32Array(numRows);
  for (const [place, row] of rowAt.entries()) placeOf[row] = place;
  const values = new Float32Array(numRows * numReasons);
  for (const [position, column] of ordered.entries()) {
    for (let place = 0; place < numRows; place += 1) values[place * numReasons + position] = column[rowAt[place] ?? 0] ?? 0;
  }
  return { numRows, numReasons, values, reasonAt, rowAt, placeOf, depth, least, greatest };
};

/** Of every `step`-th of the rows. */
const varianceAmong = (column: Float32Array, rows: Uint32Array, step: number): number => {
  let [count, mean, squares] = [0, 0, 0];
  for (let index = 0; index < rows.length; index += step) {
    const value = column[rows[index] ?? 0] ?? 0;
    const difference = value - mean;
    count += 1;
    mean += difference / count;
    squares += difference * (value - mean);
  }
  return squares / count;
};

const mostVaried = (columns: readonly Float32Array[], rows: Uint32Array): Float32Array => {
  const step = Math.ceil(rows.length / judgedPlaces);
  let most = columns[0] ?? new Float32Array(0);
  let mostVariance = -1;
  for (const column of columns) {
    const variance = varianceAmong(column, rows, step);
    if (variance > mostVariance) [most, mostVariance] = [column, variance];
  }
  return most;
};

/** Puts rows whose value is not greater than any later one's before `middle` (Hoare’s selection, 1961). */
const partition = (rows: Uint32Array, column: Float32Array, from: number, to: number, middle: number): void => {
  const valueAt = (place: number): number => column[rows[place] ?? 0] ?? 0;
  let [first, last] = [from, to - 1];
  while (first < last) {
    const pivot = valueAt(middleOf(first, last));
    let [left, right] = [first, last];
    while (left <= right) {
      while (valueAt(left) < pivot) left += 1;
      while (valueAt(right) > pivot) right -= 1;
      if (left > right) break;
      const row = rows[left] ?? 0;
      rows[left] = rows[right] ?? 0;
      rows[right] = row;
      left += 1;
      right -= 1;
    }
    if (middle <= right) last = right;
    else if (middle >= left) first = left;
    else return;
  }
};

export const bytesOfSpace = ({ values, rowAt, placeOf, least, greatest }: AttributionSpace): number =>
  values.byteLength + rowAt.byteLength + placeOf.byteLength + least.byteLength + greatest.byteLength;

/** A client's own point, in the order of the columns that the space was made of. */
export const pointOfRow = ({ values, numReasons, reasonAt, placeOf }: AttributionSpace, row: number): Float64Array => {
  const point = new Float64Array(numReasons);
  const start = (placeOf[row] ?? 0) * numReasons;
  for (const [position, reason] of reasonAt.entries()) point[reason] = values[start + position] ?? 0;
  return point;
};

/** A reason that weighs alike on a whole group. */
export interface SharedAttribution {
  /** Of the order that the space was made of. */
  readonly reason: number;
  /** Mean over the group, in log-odds. */
  readonly mean: number;
  /** Share of the group on whom it weighs the same way as on the point, 0..1. */
  readonly shareAlike: number;
}

/** A reason is shared where it weighs the same way on at least this share of the group. */
const shareToBeShared = 0.8;

/** The reasons that a group shares with a point, weightiest on the group first; at most `most` of them. */
export const sharedAttributions = (
  space: AttributionSpace,
  point: ArrayLike<number>,
  rows: Uint32Array,
  most: number,
): readonly SharedAttribution[] => {
  const { numReasons, values, reasonAt, placeOf } = space;
  return reasonAt
    .map((reason, position): SharedAttribution => {
      let sum = 0;
      let alike = 0;
      for (const row of rows) {
        const value = values[(placeOf[row] ?? 0) * numReasons + position] ?? 0;
        sum += value;
        if (Math.sign(value) === Math.sign(point[reason] ?? 0)) alike += 1;
      }
      return { reason, mean: sum / rows.length, shareAlike: alike / rows.length };
    })
    .filter(({ mean, shareAlike }) => mean !== 0 && shareAlike >= shareToBeShared)
    .sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean) || a.reason - b.reason)
    .slice(0, most);
};
