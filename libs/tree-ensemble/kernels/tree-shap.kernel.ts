/**
 * SHAP values of rows over planned trees (`src/attribute/shap-plan.ts` has the formulas, `src/attribute/shap-twin.ts` says in plain TypeScript what is
 * computed, `src/attribute/shap-memory.ts` lays out what is read here).
 *
 * No branch hangs on a row's values: decisions become indices. Each tree takes three passes: down its inner splits (Q, the products at
 * the quadrature points), its last splits (both branches are leaves), up its inner splits (G, the expectations, which take Q's place in
 * a slot). The few splits on a feature that was met above take a side path with tables.
 *
 * Records, little endian, offsets in bytes:
 *   tree        0 number of inner splits, 4 number of leaves beneath them, 8 number of last splits; then those three lists
 *   inner split 0 threshold, 8 share of the left, 16 share of the right branch (f64); 24 cell, 28 feature's value (offsets into a
 *               row's cells, a row's values), 32 previous edge, 36 table (address), 40 left, 44 right slot (addresses)
 *   leaf        0 value (f64)
 *   last split  0 threshold, 8 mean of both leaves, 16 what is added to it where the row goes left, 24 right (f64); 32 cell, 36 value,
 *               40 previous edge, 44 table
 * The previous edge is 0, or the number of its split in the tree, plus 1, times 2, plus 1 on the right. A table holds tau, then kappa, one
 * number for each point. A group (trees of as many points) starts with the weights, then the points.
 * Slots hold one vector over the points: those of the inner splits, of the last splits, of the leaves beneath inner splits.
 * `states` holds a byte for each split, at its number plus 1: 0 where the row goes left, 1 where it goes right, 2 where its feature has
 * failed above.
 *
 * Interaction values come of a second list, one entry for each pair of a split and an edge above it on another feature:
 *   split       0 number of its entries (u32)
 *   entry       0 the pair's place (offset into a triangle of sums), 4 the edge (as the previous edge above), 8 table of rho (address)
 * and of a third vector at the start of a group, rho where the row fails the edge.
 */

const headerBytes: usize = 16;
const splitBytes: usize = 48;
const leafBytes: usize = 8;
const entryBytes: usize = 12;

// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

// @ts-ignore: decorator
@inline
function goesRight(split: usize, cell: usize): usize {
  return usize(!(load<f64>(cell) <= load<f64>(split)));
}

/** Whether the row passes the edge and all earlier ones on its feature. */
// @ts-ignore: decorator
@inline
function passes(states: usize, edge: usize): bool {
  return load<u8>(states + (edge >> 1)) == u8(edge & 1);
}

/** One pair of points on the way down: the slots of both branches receive their Q. */
// @ts-ignore: decorator
@inline
function descend(known: v128, slot: usize, hot: usize, cold: usize, hotShare: v128, coldShare: v128): void {
  const product = v128.load(slot);
  const follows = mul(product, add(hotShare, mul(coldShare, known)));
  v128.store(hot, follows);
  v128.store(cold, sub(product, follows));
}

/** One pair of points on the way up: leaves G in the slot, returns Q times the difference of the branches. */
// @ts-ignore: decorator
@inline
function ascend(known: v128, slot: usize, hot: usize, cold: usize, hotShare: v128, coldShare: v128): v128 {
  const otherwise = v128.load(cold);
  const rise = sub(v128.load(hot), otherwise);
  const part = mul(v128.load(slot), rise);
  v128.store(slot, add(otherwise, mul(add(hotShare, mul(coldShare, known)), rise)));
  return part;
}

/** One pair of points at a last split: leaves G in the slot, returns Q. */
// @ts-ignore: decorator
@inline
function finish(known: v128, slot: usize, mean: v128, rise: v128): v128 {
  const product = v128.load(slot);
  v128.store(slot, add(mean, mul(known, rise)));
  return product;
}

// @ts-ignore: decorator
@inline
function addTo(value: usize, part: v128): void {
  v128.store(value, add(v128.load(value), part));
}

/**
 * Adds one tree's part to one row's values (`f64x2` by feature, whose lanes are summed at the end).
 *
 * Unrolled for up to four pairs of points. `parts`, where it is not 0, is how far behind its slot each split leaves what it adds at
 * each point; only the loops for any number of pairs do so.
 */
// @ts-ignore: decorator
@inline
function explainRow(
  pairs: usize,
  inner: usize,
  leaves: usize,
  last: usize,
  end: usize,
  group: usize,
  cells: usize,
  values: usize,
  slots: usize,
  states: usize,
  isUnrolled: bool,
  parts: usize,
): void {
  const stride = pairs << 4;
  const points = group + stride;
  const t0 = v128.load(points);
  const t1 = pairs > 1 ? v128.load(points, 16) : t0;
  const t2 = pairs > 2 ? v128.load(points, 32) : t0;
  const t3 = pairs > 3 ? v128.load(points, 48) : t0;
  for (let at: usize = 0; at < stride; at += 16) v128.store(slots + at, v128.load(group + at));

  let slot = slots;
  let state = states + 1;
  for (let split = inner; split < leaves; split += splitBytes) {
    let isRight = goesRight(split, cells + load<u32>(split, 24));
    const edge = <usize>load<u32>(split, 32);
    if (edge == 0) {
      store<u8>(state, u8(isRight));
      const hot = <usize>load<u32>(split + (isRight << 2), 40);
      const cold = <usize>load<u32>(split + ((isRight ^ 1) << 2), 40);
      const hotShare = v128.load64_splat(split + (isRight << 3), 8);
      const coldShare = v128.load64_splat(split + ((isRight ^ 1) << 3), 8);
      if (isUnrolled) {
        descend(t0, slot, hot, cold, hotShare, coldShare);
        if (pairs > 1) descend(t1, slot + 16, hot + 16, cold + 16, hotShare, coldShare);
        if (pairs > 2) descend(t2, slot + 32, hot + 32, cold + 32, hotShare, coldShare);
        if (pairs > 3) descend(t3, slot + 48, hot + 48, cold + 48, hotShare, coldShare);
      } else {
        for (let at: usize = 0; at < stride; at += 16) {
          descend(v128.load(points + at), slot + at, hot + at, cold + at, hotShare, coldShare);
        }
      }
    } else {
      const isMet = passes(states, edge);
      // Where the feature has failed above, either branch may be called the one that is followed.
      if (!isMet) isRight = 0;
      store<u8>(state, isMet ? u8(isRight) : 2);
      const hot = <usize>load<u32>(split + (isRight << 2), 40);
      const cold = <usize>load<u32>(split + ((isRight ^ 1) << 2), 40);
      const hotShare = v128.load64_splat(split + (isRight << 3), 8);
      const coldShare = isMet ? v128.load64_splat(split + ((isRight ^ 1) << 3), 8) : f64x2.splat(0);
      const table = <usize>load<u32>(split, 36);
      for (let at: usize = 0; at < stride; at += 16) {
        descend(v128.load(table + at), slot + at, hot + at, cold + at, hotShare, coldShare);
      }
    }
    slot += stride;
    state += 1;
  }
  const firstLast = slot;

  for (let split = last; split < end; split += splitBytes) {
    const isRight = goesRight(split, cells + load<u32>(split, 32));
    const edge = <usize>load<u32>(split, 40);
    const mean = v128.load64_splat(split, 8);
    const value = values + load<u32>(split, 36);
    if (edge == 0) {
      const rise = v128.load64_splat(split + (isRight << 3), 16);
      let weight = finish(t0, slot, mean, rise);
      if (parts != 0) v128.store(slot + parts, mul(weight, rise));
      if (isUnrolled) {
        if (pairs > 1) weight = add(weight, finish(t1, slot + 16, mean, rise));
        if (pairs > 2) weight = add(weight, finish(t2, slot + 32, mean, rise));
        if (pairs > 3) weight = add(weight, finish(t3, slot + 48, mean, rise));
      } else {
        for (let at: usize = 16; at < stride; at += 16) {
          const ofPair = finish(v128.load(points + at), slot + at, mean, rise);
          if (parts != 0) v128.store(slot + at + parts, mul(ofPair, rise));
          weight = add(weight, ofPair);
        }
      }
      addTo(value, mul(weight, rise));
    } else {
      const rise = passes(states, edge) ? v128.load64_splat(split + (isRight << 3), 16) : f64x2.splat(0);
      const table = <usize>load<u32>(split, 44);
      let weight = f64x2.splat(0);
      for (let at: usize = 0; at < stride; at += 16) {
        const ofPair = mul(finish(v128.load(table + at), slot + at, mean, rise), v128.load(table + stride + at));
        if (parts != 0) v128.store(slot + at + parts, mul(ofPair, rise));
        weight = add(weight, ofPair);
      }
      addTo(value, mul(weight, rise));
    }
    slot += stride;
  }

  for (let leaf = leaves; leaf < last; leaf += leafBytes) {
    const leafValue = v128.load64_splat(leaf);
    if (isUnrolled) {
      v128.store(slot, leafValue);
      if (pairs > 1) v128.store(slot, leafValue, 16);
      if (pairs > 2) v128.store(slot, leafValue, 32);
      if (pairs > 3) v128.store(slot, leafValue, 48);
    } else {
      for (let at: usize = 0; at < stride; at += 16) v128.store(slot + at, leafValue);
    }
    slot += stride;
  }

  slot = firstLast;
  for (let split = leaves; split > inner; ) {
    split -= splitBytes;
    slot -= stride;
    state -= 1;
    const went = <usize>load<u8>(state);
    const isRight = went & 1;
    const hot = <usize>load<u32>(split + (isRight << 2), 40);
    const cold = <usize>load<u32>(split + ((isRight ^ 1) << 2), 40);
    const hotShare = v128.load64_splat(split + (isRight << 3), 8);
    const value = values + load<u32>(split, 28);
    if (load<u32>(split, 32) == 0) {
      const coldShare = v128.load64_splat(split + ((isRight ^ 1) << 3), 8);
      let part = ascend(t0, slot, hot, cold, hotShare, coldShare);
      if (parts != 0) v128.store(slot + parts, mul(part, coldShare));
      if (isUnrolled) {
        if (pairs > 1) part = add(part, ascend(t1, slot + 16, hot + 16, cold + 16, hotShare, coldShare));
        if (pairs > 2) part = add(part, ascend(t2, slot + 32, hot + 32, cold + 32, hotShare, coldShare));
        if (pairs > 3) part = add(part, ascend(t3, slot + 48, hot + 48, cold + 48, hotShare, coldShare));
      } else {
        for (let at: usize = 16; at < stride; at += 16) {
          const ofPair = ascend(v128.load(points + at), slot + at, hot + at, cold + at, hotShare, coldShare);
          if (parts != 0) v128.store(slot + at + parts, mul(ofPair, coldShare));
          part = add(part, ofPair);
        }
      }
      addTo(value, mul(part, coldShare));
    } else {
      const coldShare = went < 2 ? v128.load64_splat(split + ((isRight ^ 1) << 3), 8) : f64x2.splat(0);
      const table = <usize>load<u32>(split, 36);
      let part = f64x2.splat(0);
      for (let at: usize = 0; at < stride; at += 16) {
        const difference = ascend(v128.load(table + at), slot + at, hot + at, cold + at, hotShare, coldShare);
        const ofPair = mul(difference, v128.load(table + stride + at));
        if (parts != 0) v128.store(slot + at + parts, mul(ofPair, coldShare));
        part = add(part, ofPair);
      }
      addTo(value, mul(part, coldShare));
    }
  }
}

/** Tree by tree, so that a block of rows shares the tree's records in the cache; each row still adds in tree order. */
// @ts-ignore: decorator
@inline
function explainTrees(
  pairs: usize,
  trees: usize,
  numTrees: usize,
  group: usize,
  numRows: usize,
  cells: usize,
  cellsStride: usize,
  values: usize,
  valuesStride: usize,
  slots: usize,
  states: usize,
  isUnrolled: bool,
): void {
  let tree = trees;
  for (let index: usize = 0; index < numTrees; index++) {
    const inner = tree + headerBytes;
    const leaves = inner + load<u32>(tree) * splitBytes;
    const last = leaves + load<u32>(tree, 4) * leafBytes;
    const end = last + load<u32>(tree, 8) * splitBytes;
    for (let row: usize = 0; row < numRows; row++) {
      explainRow(pairs, inner, leaves, last, end, group, cells + row * cellsStride, values + row * valuesStride, slots, states, isUnrolled, 0);
    }
    tree = end;
  }
}

export function explain2(
  trees: usize,
  numTrees: usize,
  group: usize,
  numRows: usize,
  cells: usize,
  cellsStride: usize,
  values: usize,
  valuesStride: usize,
  slots: usize,
  states: usize,
): void {
  explainTrees(1, trees, numTrees, group, numRows, cells, cellsStride, values, valuesStride, slots, states, true);
}

export function explain4(
  trees: usize,
  numTrees: usize,
  group: usize,
  numRows: usize,
  cells: usize,
  cellsStride: usize,
  values: usize,
  valuesStride: usize,
  slots: usize,
  states: usize,
): void {
  explainTrees(2, trees, numTrees, group, numRows, cells, cellsStride, values, valuesStride, slots, states, true);
}

export function explain6(
  trees: usize,
  numTrees: usize,
  group: usize,
  numRows: usize,
  cells: usize,
  cellsStride: usize,
  values: usize,
  valuesStride: usize,
  slots: usize,
  states: usize,
): void {
  explainTrees(3, trees, numTrees, group, numRows, cells, cellsStride, values, valuesStride, slots, states, true);
}

export function explain8(
  trees: usize,
  numTrees: usize,
  group: usize,
  numRows: usize,
  cells: usize,
  cellsStride: usize,
  values: usize,
  valuesStride: usize,
  slots: usize,
  states: usize,
): void {
  explainTrees(4, trees, numTrees, group, numRows, cells, cellsStride, values, valuesStride, slots, states, true);
}

/** Any even number of points above 8. */
export function explainMore(
  trees: usize,
  numTrees: usize,
  group: usize,
  numRows: usize,
  cells: usize,
  cellsStride: usize,
  values: usize,
  valuesStride: usize,
  slots: usize,
  states: usize,
  pairs: usize,
): void {
  explainTrees(pairs, trees, numTrees, group, numRows, cells, cellsStride, values, valuesStride, slots, states, false);
}

/** One row's values, and the sums of its pairs of features into `triangle`; any even number of points. Returns where the entries end. */
export function interact(
  pairs: usize,
  trees: usize,
  numTrees: usize,
  group: usize,
  cells: usize,
  values: usize,
  slots: usize,
  states: usize,
  parts: usize,
  entries: usize,
  triangle: usize,
): usize {
  const stride = pairs << 4;
  const failing = group + 2 * stride;
  let tree = trees;
  let entry = entries;
  for (let index: usize = 0; index < numTrees; index++) {
    const inner = tree + headerBytes;
    const leaves = inner + load<u32>(tree) * splitBytes;
    const last = leaves + load<u32>(tree, 4) * leafBytes;
    const end = last + load<u32>(tree, 8) * splitBytes;
    explainRow(pairs, inner, leaves, last, end, group, cells, values, slots, states, false, parts);
    const numSplits = load<u32>(tree) + load<u32>(tree, 8);
    let part = slots + parts;
    for (let split: u32 = 0; split < numSplits; split++) {
      const endOfSplit = entry + 4 + load<u32>(entry) * entryBytes;
      for (entry += 4; entry < endOfSplit; entry += entryBytes) {
        const rho = passes(states, load<u32>(entry, 4)) ? <usize>load<u32>(entry, 8) : failing;
        let sum = mul(v128.load(part), v128.load(rho));
        for (let at: usize = 16; at < stride; at += 16) sum = add(sum, mul(v128.load(part + at), v128.load(rho + at)));
        const place = triangle + load<u32>(entry);
        store<f64>(place, load<f64>(place) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
      }
      part += stride;
    }
    tree = end;
  }
  return entry;
}
