// shared memory
/**
 * Histograms of gradients and hessians by bin. A row's are one 64-bit integer, the gradient above and the hessian in the low half, so
 * that a row and column cost one addition. Codes of up to 32 columns ("lanes") stand side by side, a row after the other; each lane has
 * 256 sums of 8 bytes in the scratch histogram. Rows come in tiles, and of a tile eight lanes at a time, so that the eight histograms
 * (16 KiB) and the tile's codes stay in the nearest caches.
 */

const tileRows: i32 = 2048;
const groupBytes: usize = 16384;

/** Adds eight lanes. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function addGroup(sums: usize, codes: usize, stride: usize, packed: usize, count: i32): void {
  const end = packed + (<usize>count << 3);
  while (packed < end) {
    const value = load<i64>(packed);
    let at = sums + (<usize>load<u8>(codes) << 3);
    store<i64>(at, load<i64>(at) + value);
    at = sums + (<usize>load<u8>(codes, 1) << 3);
    store<i64>(at, load<i64>(at, 2048) + value, 2048);
    at = sums + (<usize>load<u8>(codes, 2) << 3);
    store<i64>(at, load<i64>(at, 4096) + value, 4096);
    at = sums + (<usize>load<u8>(codes, 3) << 3);
    store<i64>(at, load<i64>(at, 6144) + value, 6144);
    at = sums + (<usize>load<u8>(codes, 4) << 3);
    store<i64>(at, load<i64>(at, 8192) + value, 8192);
    at = sums + (<usize>load<u8>(codes, 5) << 3);
    store<i64>(at, load<i64>(at, 10240) + value, 10240);
    at = sums + (<usize>load<u8>(codes, 6) << 3);
    store<i64>(at, load<i64>(at, 12288) + value, 12288);
    at = sums + (<usize>load<u8>(codes, 7) << 3);
    store<i64>(at, load<i64>(at, 14336) + value, 14336);
    codes += stride;
    packed += 8;
  }
}

/** Adds the groups of eight lanes that `groups` names by its bits. */
function addTile(sums: usize, codes: usize, stride: usize, groups: u32, packed: usize, count: i32): void {
  while (groups != 0) {
    if (groups & 1) addGroup(sums, codes, stride, packed, count);
    groups >>>= 1;
    sums += groupBytes;
    codes += 8;
  }
}

/**
 * The scratch histogram of rows 0 to count - 1.
 *
 * @param stride - bytes a row: 8, 16 or 32
 * @param groups - bit g for lanes 8g to 8g + 7; the sums of others are left as they were
 */
export function sumAllRows(sums: usize, codes: usize, stride: usize, groups: u32, packed: usize, count: i32): void {
  clear(sums, groups);
  for (let from: i32 = 0; from < count; from += tileRows) {
    addTile(sums, codes + <usize>from * stride, stride, groups, packed + (<usize>from << 3), min(tileRows, count - from));
  }
}

/**
 * The same of the given rows. `tile` holds 2048 · stride bytes and `tilePacked` 2048 · 8: gathering a tile first fetches each row's
 * cache line once, many at a time, instead of once for each group.
 */
export function sumRows(
  sums: usize,
  codes: usize,
  stride: usize,
  groups: u32,
  packed: usize,
  rows: usize,
  count: i32,
  tile: usize,
  tilePacked: usize,
): void {
  clear(sums, groups);
  for (let from: i32 = 0; from < count; from += tileRows) {
    const numRows = min(tileRows, count - from);
    gather(tile, tilePacked, codes, stride, packed, rows + (<usize>from << 2), numRows);
    addTile(sums, tile, stride, groups, tilePacked, numRows);
  }
}

function clear(sums: usize, groups: u32): void {
  for (; groups != 0; groups >>>= 1, sums += groupBytes) if (groups & 1) memory.fill(sums, 0, groupBytes);
}

function gather(tile: usize, tilePacked: usize, codes: usize, stride: usize, packed: usize, rows: usize, count: i32): void {
  const end = rows + (<usize>count << 2);
  if (stride == 32) {
    for (; rows < end; rows += 4, tile += 32, tilePacked += 8) {
      const row = <usize>load<u32>(rows);
      const from = codes + (row << 5);
      store<i64>(tilePacked, load<i64>(packed + (row << 3)));
      v128.store(tile, v128.load(from));
      v128.store(tile, v128.load(from, 16), 16);
    }
  } else if (stride == 16) {
    for (; rows < end; rows += 4, tile += 16, tilePacked += 8) {
      const row = <usize>load<u32>(rows);
      store<i64>(tilePacked, load<i64>(packed + (row << 3)));
      v128.store(tile, v128.load(codes + (row << 4)));
    }
  } else {
    for (; rows < end; rows += 4, tile += 8, tilePacked += 8) {
      const row = <usize>load<u32>(rows);
      store<i64>(tilePacked, load<i64>(packed + (row << 3)));
      store<i64>(tile, load<i64>(codes + (row << 3)));
    }
  }
}

/**
 * The same of some lanes only, one after the other in the scratch histogram: gathering a tile picks them, so that the others cost nothing.
 *
 * @param numLanes - 1 to 32
 * @param picks - 64 bytes: for the first 16 lanes picked, the place of each among lanes 0 to 15, or 255; then among lanes 16 to 31; the
 * same for the next 16
 * @param rows - 0 = rows 0 to count - 1
 */
export function sumPickedLanes(
  sums: usize,
  codes: usize,
  stride: usize,
  numLanes: i32,
  picks: usize,
  packed: usize,
  rows: usize,
  count: i32,
  tile: usize,
  tilePacked: usize,
): void {
  const groups: u32 = (1 << ((numLanes + 7) >>> 3)) - 1;
  const tileStride: usize = numLanes > 16 ? 32 : 16;
  clear(sums, groups);
  const lowToFirst = v128.load(picks);
  const highToFirst = v128.load(picks, 16);
  const lowToSecond = v128.load(picks, 32);
  const highToSecond = v128.load(picks, 48);
  for (let from: i32 = 0; from < count; from += tileRows) {
    const numRows = min(tileRows, count - from);
    let to = tile;
    for (let position: i32 = 0; position < numRows; position++) {
      const row = rows == 0 ? <usize>(from + position) : <usize>load<u32>(rows + (<usize>(from + position) << 2));
      const at = codes + row * stride;
      store<i64>(tilePacked + (<usize>position << 3), load<i64>(packed + (row << 3)));
      const low = stride == 8 ? v128.load64_zero(at) : v128.load(at);
      const high = stride == 32 ? v128.load(at, 16) : i64x2.splat(0);
      v128.store(to, v128.or(i8x16.swizzle(low, lowToFirst), i8x16.swizzle(high, highToFirst)));
      if (tileStride == 32) v128.store(to, v128.or(i8x16.swizzle(low, lowToSecond), i8x16.swizzle(high, highToSecond)), 16);
      to += tileStride;
    }
    addTile(sums, tile, tileStride, groups, tilePacked, numRows);
  }
}

/** Of a lane that holds several columns (code = Σ bin · radix): the sums of one of them. */
export function sumOfColumn(sums: usize, ofLane: usize, numCodes: i32, radix: i32, numBins: i32): void {
  const run = <usize>radix << 3;
  const period = run * <usize>numBins;
  const end = ofLane + (<usize>numCodes << 3);
  for (let bin: i32 = 0; bin < numBins; bin++) {
    let sum: i64 = 0;
    for (let from = ofLane; from < end; from += period) {
      for (let at = from; at < from + run; at += 8) sum += load<i64>(at);
    }
    store<i64>(sums, sum);
    sums += 8;
    ofLane += run;
  }
}

/** Keeps the sums of a column as the smaller child's, and takes them from the parent's, which become the larger child's; `parent` may be 0. */
export function settle(sums: usize, smaller: usize, parent: usize, numBins: i32): void {
  const bytes = <usize>numBins << 3;
  memory.copy(smaller, sums, bytes);
  if (parent == 0) return;
  for (let at: usize = 0; at < bytes; at += 8) store<i64>(parent + at, load<i64>(parent + at) - load<i64>(sums + at));
}
