import { middleOf } from './attribution-space.ts';
import type { AttributionSpace } from './attribution-space.ts';

export interface Neighbours {
  /** Nearest first; ties by row. */
  readonly rows: Uint32Array;
  /** Euclidean, in log-odds, in the same order. */
  readonly distances: Float64Array;
}

/** The nearest rows that were met so far: a heap with the furthest on top, further at a greater distance or at the same one with a later row. */
const createNearestSoFar = (size: number) => {
  const rows = new Uint32Array(size);
  const squares = new Float64Array(size);
  let held = 0;
  const put = (place: number, square: number, row: number): void => {
    squares[place] = square;
    rows[place] = row;
  };
  const isBeyond = (place: number, square: number, row: number): boolean =>
    (squares[place] ?? 0) > square || (squares[place] === square && (rows[place] ?? 0) > row);
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
  return {
    /** Whoever is further than this (a square) is none of the nearest. */
    limit: (): number => (held < size ? Infinity : (squares[0] ?? -1)),
    meet(square: number, row: number): void {
      if (held < size) add(square, row);
      else if (isBeyond(0, square, row)) replaceFurthest(square, row);
    },
    inOrder(): Neighbours {
      const order = Array.from({ length: held }, (_, place) => place).sort(
        (a, b) => (squares[a] ?? 0) - (squares[b] ?? 0) || (rows[a] ?? 0) - (rows[b] ?? 0),
      );
      return {
        rows: Uint32Array.from(order, (place) => rows[place] ?? 0),
        distances: Float64Array.from(order, (place) => Math.sqrt(squares[place] ?? 0)),
      };
    },
  };
};

/** How many reasons are summed between two looks at whether it is already too far. */
const stride = 8;

/**
 * The `size` rows nearest to a point (Euclid), exactly: the nearer half first, and none whose box is further than the furthest kept; each row is
 * left as soon as the part of its distance that is known is beyond it (Bei and Gray, 1985). `point` is in the order of the columns that the space
 * was made of; `exceptRow` is left out (−1: none).
 */
export const findNearest = (space: AttributionSpace, point: ArrayLike<number>, size: number, exceptRow = -1): Neighbours => {
  const { numRows, numReasons, values, reasonAt, rowAt, depth, least, greatest } = space;
  const centre = Float64Array.from(reasonAt, (reason) => point[reason] ?? 0);
  const nearest = createNearestSoFar(size);
  /** Squared, until it is beyond the limit. */
  const distanceOf = (place: number, limit: number): number => {
    const first = place * numReasons;
    let square = 0;
    for (let position = 0; position < numReasons && square <= limit;) {
      const end = Math.min(position + stride, numReasons);
      for (; position < end; position += 1) {
        const difference = (values[first + position] ?? 0) - (centre[position] ?? 0);
        square += difference * difference;
      }
    }
    return square;
  };
  /** The same of the nearest point of a part’s box: summed in the same order, so that rounding never puts it beyond a row of the part. */
  const distanceOfBox = (part: number, limit: number): number => {
    const first = part * numReasons;
    let square = 0;
    for (let position = 0; position < numReasons && square <= limit;) {
      const end = Math.min(position + stride, numReasons);
      for (; position < end; position += 1) {
        const at = centre[position] ?? 0;
        const below = (least[first + position] ?? 0) - at;
        const above = at - (greatest[first + position] ?? 0);
        const outside = below > 0 ? below : above > 0 ? above : 0;
        square += outside * outside;
      }
    }
    return square;
  };
  const look = (part: number, from: number, to: number, halvings: number): void => {
    if (halvings === 0) {
      for (let place = from; place < to; place += 1) {
        const row = rowAt[place] ?? 0;
        if (row !== exceptRow) nearest.meet(distanceOf(place, nearest.limit()), row);
      }
      return;
    }
    const middle = middleOf(from, to);
    const [first, second] = [2 * part + 1, 2 * part + 2];
    const limit = nearest.limit();
    const toFirst = distanceOfBox(first, limit);
    const toSecond = distanceOfBox(second, limit);
    const isFirstNearer = toFirst <= toSecond;
    // Of those at the same distance the earlier row is kept: a box at the limit is looked into.
    if (isFirstNearer && toFirst <= limit) look(first, from, middle, halvings - 1);
    if (toSecond <= nearest.limit()) look(second, middle, to, halvings - 1);
    if (!isFirstNearer && toFirst <= nearest.limit()) look(first, from, middle, halvings - 1);
  };
  look(0, 0, numRows, depth);
  return nearest.inOrder();
};
