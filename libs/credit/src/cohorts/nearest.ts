/**
 * The space of attributions: a place a client, a number (log-odds) a reason. The reasons that vary most come first, so that a far client is told
 * from a near one after a few of them; clients stand in ascending order of the first, so that whoever is far by it alone is never looked at.
 */
export interface AttributionSpace {
  readonly numRows: number;
  readonly numReasons: number;
  /** Places × reasons, in the order of `rowAt` and `reasonAt`. */
  readonly values: Float32Array;
  /** Which reason, of the order it was given in, stands where. */
  readonly reasonAt: readonly number[];
  /** Which client stands where; ties by row. */
  readonly rowAt: Uint32Array;
  /** Where a client stands. */
  readonly placeOf: Uint32Array;
}

/** `columns`: one array a reason, a number a client. */
export const createAttributionSpace = (columns: readonly Float32Array[], numRows: number): AttributionSpace => {
  const numReasons = columns.length;
  const varianceOf = (column: Float32Array): number => {
    const mean = column.reduce((sum, value) => sum + value, 0) / numRows;
    return column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numRows;
  };
  const reasonAt = columns
    .map((column, reason) => ({ reason, variance: varianceOf(column) }))
    .sort((a, b) => b.variance - a.variance || a.reason - b.reason)
    .map(({ reason }) => reason);
  const first = columns[reasonAt[0] ?? 0] ?? new Float32Array(numRows);
  const rowAt = Uint32Array.from({ length: numRows }, (_, row) => row).sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0) || a - b);
  const placeOf = new Uint32Array(numRows);
  for (const [place, row] of rowAt.entries()) placeOf[row] = place;
  const values = new Float32Array(numRows * numReasons);
  for (const [position, reason] of reasonAt.entries()) {
    const column = columns[reason] ?? new Float32Array(numRows);
    for (let place = 0; place < numRows; place += 1) values[place * numReasons + position] = column[rowAt[place] ?? 0] ?? 0;
  }
  return { numRows, numReasons, values, reasonAt, rowAt, placeOf };
};

export const bytesOfSpace = ({ values, rowAt, placeOf }: AttributionSpace): number => values.byteLength + rowAt.byteLength + placeOf.byteLength;

/** A client's own point, in the order of the columns that the space was made of. */
export const pointOfRow = ({ values, numReasons, reasonAt, placeOf }: AttributionSpace, row: number): Float64Array => {
  const point = new Float64Array(numReasons);
  const start = (placeOf[row] ?? 0) * numReasons;
  for (const [position, reason] of reasonAt.entries()) point[reason] = values[start + position] ?? 0;
  return point;
};

export interface Neighbours {
  /** Nearest first; ties by row. */
  readonly rows: Uint32Array;
  /** Euclidean, in log-odds, in the same order. */
  readonly distances: Float64Array;
}

/** The first place whose first reason is not less than a value. */
const firstPlaceFrom = ({ values, numReasons, numRows }: AttributionSpace, value: number): number => {
  let [from, to] = [0, numRows];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((values[middle * numReasons] ?? 0) < value) from = middle + 1;
    else to = middle;
  }
  return from;
};

/** How many reasons are summed between two looks at whether the client is already too far. */
const stride = 8;

/**
 * The `size` rows nearest to a point (Euclid), exactly: from the point outwards along the first reason, until that reason alone is further than
 * the furthest kept (Friedman, Baskett and Shustek, 1975); each row is left as soon as the part of its distance that is known is beyond it
 * (Bei and Gray, 1985). `point` is in the order of the columns that the space was made of; `exceptRow` is left out (−1: none).
 */
export const findNearest = (space: AttributionSpace, point: ArrayLike<number>, size: number, exceptRow = -1): Neighbours => {
  const { numRows, numReasons, values, reasonAt, rowAt } = space;
  const centre = Float64Array.from(reasonAt, (reason) => point[reason] ?? 0);
  // A heap with the furthest on top: further at a greater distance, or at the same one with a later row.
  const rows = new Uint32Array(size);
  const squares = new Float64Array(size);
  let held = 0;
  const put = (place: number, square: number, row: number): void => {
    squares[place] = square;
    rows[place] = row;
  };
  const isBeyond = (place: number, square: number, row: number): boolean =>
    (squares[place] ?? 0) > square || (squares[place] === square && (rows[place] ?? 0) > row);
  /** Puts a nearer one in the place of the furthest. */
  const replaceFurthest = (square: number, row: number): void => {
    let place = 0;
    for (let child = 1; child < held; child = 2 * place + 1) {
      if (child + 1 < held && isBeyond(child + 1, squares[child] ?? 0, rows[child] ?? 0)) child += 1;
      if (!isBeyond(child, square, row)) break;
      put(place, squares[child] ?? 0, rows[child] ?? 0);
      place = child;
    }
    put(place, square, row);
  };
  const add = (square: number, row: number): void => {
    let place = held;
    held += 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (isBeyond(parent, square, row)) break;
      put(place, squares[parent] ?? 0, rows[parent] ?? 0);
      place = parent;
    }
    put(place, square, row);
  };
  const look = (place: number): void => {
    const row = rowAt[place] ?? 0;
    if (row === exceptRow) return;
    const limit = held < size ? Infinity : (squares[0] ?? 0);
    const first = place * numReasons;
    let square = 0;
    for (let position = 0; position < numReasons && square <= limit;) {
      const end = Math.min(position + stride, numReasons);
      for (; position < end; position += 1) {
        const difference = (values[first + position] ?? 0) - (centre[position] ?? 0);
        square += difference * difference;
      }
    }
    if (held < size) add(square, row);
    else if (isBeyond(0, square, row)) replaceFurthest(square, row);
  };
  /** How far a place is by the first reason alone. */
  const squareByFirst = (place: number): number =>
    place < 0 || place >= numRows ? Infinity : ((values[place * numReasons] ?? 0) - (centre[0] ?? 0)) ** 2;
  let above = firstPlaceFrom(space, centre[0] ?? 0);
  let below = above - 1;
  let squareAbove = squareByFirst(above);
  let squareBelow = squareByFirst(below);
  for (;;) {
    const nearest = Math.min(squareAbove, squareBelow);
    // At the same distance the earlier row is kept, and it may stand further out.
    if (nearest === Infinity || (held === size && nearest > (squares[0] ?? -1))) break;
    if (squareAbove <= squareBelow) {
      look(above);
      above += 1;
      squareAbove = squareByFirst(above);
    } else {
      look(below);
      below -= 1;
      squareBelow = squareByFirst(below);
    }
  }
  const order = Array.from({ length: held }, (_, place) => place).sort(
    (a, b) => (squares[a] ?? 0) - (squares[b] ?? 0) || (rows[a] ?? 0) - (rows[b] ?? 0),
  );
  return {
    rows: Uint32Array.from(order, (place) => rows[place] ?? 0),
    distances: Float64Array.from(order, (place) => Math.sqrt(squares[place] ?? 0)),
  };
};

/** A reason that weighs alike on the whole group. */
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
