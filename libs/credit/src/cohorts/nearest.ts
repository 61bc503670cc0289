/**
 * The space of attributions: a row a client, a number (log-odds) a reason. Rows stand one after the other, the reasons that vary most first, so
 * that a far client is told from a near one after a few of them.
 */
export interface AttributionSpace {
  readonly numRows: number;
  readonly numReasons: number;
  /** Rows × reasons, in the order of `reasonAt`. */
  readonly values: Float32Array;
  /** Which reason, of the order it was given in, stands at each place. */
  readonly reasonAt: readonly number[];
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
  const values = new Float32Array(numRows * numReasons);
  for (const [place, reason] of reasonAt.entries()) {
    const column = columns[reason] ?? new Float32Array(numRows);
    for (let row = 0; row < numRows; row += 1) values[row * numReasons + place] = column[row] ?? 0;
  }
  return { numRows, numReasons, values, reasonAt };
};

export interface Neighbours {
  /** Nearest first; ties by row. */
  readonly rows: Uint32Array;
  /** Euclidean, in log-odds, in the same order. */
  readonly distances: Float64Array;
}

/** How many reasons are summed between two looks at whether the client is already too far. */
const stride = 8;

/**
 * The `size` rows nearest to a point (Euclid), exactly: every row is looked at, and left as soon as the part of its distance that is known is
 * beyond the furthest kept (Bei and Gray, 1985). `point` is in the order of the columns that the space was made of; `exceptRow` is left out (−1:
 * none).
 */
export const findNearest = (space: AttributionSpace, point: ArrayLike<number>, size: number, exceptRow = -1): Neighbours => {
  const { numRows, numReasons, values, reasonAt } = space;
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
  if (size > 0) {
    for (let row = 0; row < numRows; row += 1) {
      if (row === exceptRow) continue;
      const limit = held < size ? Infinity : (squares[0] ?? 0);
      const first = row * numReasons;
      let square = 0;
      for (let place = 0; place < numReasons && square <= limit;) {
        const end = Math.min(place + stride, numReasons);
        for (; place < end; place += 1) {
          const difference = (values[first + place] ?? 0) - (centre[place] ?? 0);
          square += difference * difference;
        }
      }
      // Rows come in ascending order, so at the same distance the one that is held stays.
      if (square >= limit) continue;
      if (held < size) add(square, row);
      else replaceFurthest(square, row);
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
  const { numReasons, values, reasonAt } = space;
  return reasonAt
    .map((reason, place): SharedAttribution => {
      let sum = 0;
      let alike = 0;
      for (const row of rows) {
        const value = values[row * numReasons + place] ?? 0;
        sum += value;
        if (Math.sign(value) === Math.sign(point[reason] ?? 0)) alike += 1;
      }
      return { reason, mean: sum / rows.length, shareAlike: alike / rows.length };
    })
    .filter(({ mean, shareAlike }) => mean !== 0 && shareAlike >= shareToBeShared)
    .sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean) || a.reason - b.reason)
    .slice(0, most);
};
