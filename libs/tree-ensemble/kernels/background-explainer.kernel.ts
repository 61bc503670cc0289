// Interventional SHAP values of up to sixteen rows at once; a row's lane is its byte in a vector of sixteen.
// src/attribute/background-explainer.ts says what is computed, src/attribute/background-program.ts how the memory is laid out.

const lanes: usize = 16;

/** Bytes of sixteen masks of 64 bits. */
function narrow(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, m6: v128, m7: v128): v128 {
  const a = v128.shuffle<i32>(m0, m1, 0, 2, 4, 6);
  const b = v128.shuffle<i32>(m2, m3, 0, 2, 4, 6);
  const c = v128.shuffle<i32>(m4, m5, 0, 2, 4, 6);
  const d = v128.shuffle<i32>(m6, m7, 0, 2, 4, 6);
  return i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/**
 * Which rows go left at each numeric condition, a byte of ones a row.
 *
 * segments: numSegments × i32 (feature, first condition, end); values: f64 by feature and row; thresholds: f64 by condition;
 * defaultsLeft: a byte of ones or zeros by condition; conditions: the answer, 16 bytes a condition.
 */
export function meetConditions(segments: usize, numSegments: i32, values: usize, thresholds: usize, defaultsLeft: usize, conditions: usize): void {
  for (let segment = 0; segment < numSegments; segment++, segments += 12) {
    const at = values + <usize>load<i32>(segments) * lanes * 8;
    const first = <usize>load<i32>(segments, 4);
    const end = <usize>load<i32>(segments, 8);
    const v0 = v128.load(at);
    const v1 = v128.load(at, 16);
    const v2 = v128.load(at, 32);
    const v3 = v128.load(at, 48);
    const v4 = v128.load(at, 64);
    const v5 = v128.load(at, 80);
    const v6 = v128.load(at, 96);
    const v7 = v128.load(at, 112);
    const missing = narrow(
      f64x2.ne(v0, v0),
      f64x2.ne(v1, v1),
      f64x2.ne(v2, v2),
      f64x2.ne(v3, v3),
      f64x2.ne(v4, v4),
      f64x2.ne(v5, v5),
      f64x2.ne(v6, v6),
      f64x2.ne(v7, v7),
    );
    for (let condition = first; condition < end; condition++) {
      const t = v128.load64_splat(thresholds + condition * 8);
      const left = narrow(
        f64x2.le(v0, t),
        f64x2.le(v1, t),
        f64x2.le(v2, t),
        f64x2.le(v3, t),
        f64x2.le(v4, t),
        f64x2.le(v5, t),
        f64x2.le(v6, t),
        f64x2.le(v7, t),
      );
      v128.store(conditions + condition * lanes, v128.or(left, v128.and(missing, v128.load8_splat(defaultsLeft + condition))));
    }
  }
}

/** The rows that pass every edge of a test: its count, then per edge the address of its condition, odd where the path goes left. */
function passTest(test: usize): v128 {
  const numEdges = load<i32>(test);
  let pass = i8x16.splat(-1);
  for (let edge = 0; edge < numEdges; edge++) {
    test += 4;
    const word = load<u32>(test);
    pass = v128.and(pass, v128.xor(v128.load(word & ~1), i8x16.splat(<i8>((word & 1) - 1))));
  }
  return pass;
}

function skipTest(test: usize): usize {
  return test + 4 + ((<usize>load<i32>(test)) << 2);
}

/** Adds what every block with a table gives to the rows' SHAP values. */
export function addTables(program: usize, numBlocks: i32, scratch: usize, shapValues: usize, rowBytes: usize, numRows: i32): u32 {
  let touched: u32 = 0;
  for (let block = 0; block < numBlocks; block++) {
    const numTests = load<i32>(program);
    const numFeatures = <usize>load<i32>(program, 4);
    const table = <usize>load<u32>(program, 8);
    program += 12;
    let low = i8x16.splat(0);
    let high = i8x16.splat(0);
    for (let test = 0; test < min(numTests, 8); test++) {
      low = v128.or(low, v128.and(passTest(program), i8x16.splat((<i8>1) << (<i8>test))));
      program = skipTest(program);
    }
    for (let test = 8; test < numTests; test++) {
      high = v128.or(high, v128.and(passTest(program), i8x16.splat((<i8>1) << (<i8>(test - 8)))));
      program = skipTest(program);
    }
    v128.store(scratch, v128.shuffle<i8>(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(scratch, v128.shuffle<i8>(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
    const features = program;
    program += numFeatures << 2;
    const lineBytes = numFeatures << 3;
    // First touched, then read: lines that are far away come all at once.
    for (let lane = 0; lane < numRows; lane++) {
      const line = table + <usize>load<u16>(scratch + ((<usize>lane) << 1)) * lineBytes;
      touched ^= load<u32>(line) ^ load<u32>(line + lineBytes - 8);
    }
    let row = shapValues;
    for (let lane = 0; lane < numRows; lane++, row += rowBytes) {
      let entry = table + <usize>load<u16>(scratch + ((<usize>lane) << 1)) * lineBytes;
      for (let at = features; at < program; at += 4, entry += 8) {
        const place = row + <usize>load<i32>(at);
        store<f64>(place, load<f64>(place) + load<f64>(entry));
      }
    }
  }
  return touched;
}

/** Spreads bytes `first` and `first + 1` over 64 bits each. */
function widen(bytes: v128, first: u8): v128 {
  return i8x16.swizzle(bytes, i8x16.add(v128.splat<i8>(<i8>first), i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)));
}

/**
 * Adds what every leaf without a table gives to the rows' SHAP values.
 *
 * gains, losses: f64 by (number of tests that only the background row passes or fails … see `shapleyWeights`), `weightStride` a line.
 */
export function addLeaves(
  program: usize,
  numLeaves: i32,
  scratch: usize,
  gains: usize,
  losses: usize,
  weightStride: usize,
  shapValues: usize,
  rowBytes: usize,
  numRows: i32,
): void {
  const missed = scratch + 144;
  for (let leaf = 0; leaf < numLeaves; leaf++) {
    const numTests = <usize>load<i32>(program);
    const numGroups = <usize>load<i32>(program, 4);
    const masks = <usize>load<u32>(program, 8);
    const groupWeights = masks + ((numTests + 1) << 3);
    const groupStarts = groupWeights + (numGroups << 3);
    const groupFeatures = groupStarts + ((numGroups + 1) << 2);
    program += 12;
    let c0 = v128.load64_splat(masks);
    let c1 = c0;
    let c2 = c0;
    let c3 = c0;
    let c4 = c0;
    let c5 = c0;
    let c6 = c0;
    let c7 = c0;
    let numMissed = i8x16.splat(0);
    for (let test: usize = 0; test < numTests; test++) {
      const pass = passTest(program);
      program = skipTest(program);
      const mask = v128.load64_splat(masks + ((test + 1) << 3));
      c0 = v128.and(c0, v128.or(widen(pass, 0), mask));
      c1 = v128.and(c1, v128.or(widen(pass, 2), mask));
      c2 = v128.and(c2, v128.or(widen(pass, 4), mask));
      c3 = v128.and(c3, v128.or(widen(pass, 6), mask));
      c4 = v128.and(c4, v128.or(widen(pass, 8), mask));
      c5 = v128.and(c5, v128.or(widen(pass, 10), mask));
      c6 = v128.and(c6, v128.or(widen(pass, 12), mask));
      c7 = v128.and(c7, v128.or(widen(pass, 14), mask));
      const miss = v128.not(pass);
      numMissed = i8x16.sub(numMissed, miss);
      v128.store(missed + (test << 4), miss);
    }
    const features = program;
    program += numTests << 2;
    const any = v128.or(v128.or(v128.or(c0, c1), v128.or(c2, c3)), v128.or(v128.or(c4, c5), v128.or(c6, c7)));
    if (!v128.any_true(any)) continue;
    v128.store(scratch, c0);
    v128.store(scratch, c1, 16);
    v128.store(scratch, c2, 32);
    v128.store(scratch, c3, 48);
    v128.store(scratch, c4, 64);
    v128.store(scratch, c5, 80);
    v128.store(scratch, c6, 96);
    v128.store(scratch, c7, 112);
    v128.store(scratch, numMissed, 128);
    let row = shapValues;
    for (let lane = 0; lane < numRows; lane++, row += rowBytes) {
      let candidates = load<u64>(scratch + ((<usize>lane) << 3));
      if (candidates == 0) continue;
      const numOnlyOther = <usize>load<u8>(scratch + <usize>lane, 128);
      let loss: f64 = 0;
      do {
        const group = <usize>ctz(candidates);
        candidates &= candidates - 1;
        let feature = <usize>load<i32>(groupStarts + (group << 2));
        const end = <usize>load<i32>(groupStarts + (group << 2), 4);
        const weight = load<f64>(groupWeights + (group << 3));
        const at = ((end - feature) * weightStride + numOnlyOther) << 3;
        loss += weight * load<f64>(losses + at);
        const gain = weight * load<f64>(gains + at);
        for (; feature < end; feature++) {
          const place = row + <usize>load<i32>(groupFeatures + (feature << 2));
          store<f64>(place, load<f64>(place) + gain);
        }
      } while (candidates != 0);
      if (numOnlyOther == 0) continue;
      for (let test: usize = 0; test < numTests; test++) {
        if (load<u8>(missed + (test << 4) + <usize>lane) == 0) continue;
        const place = row + <usize>load<i32>(features + (test << 2));
        store<f64>(place, load<f64>(place) - loss);
      }
    }
  }
}
