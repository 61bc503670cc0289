const float32 = new Float32Array(1);
const bits32 = new Int32Array(float32.buffer);
const float64 = new Float64Array(1);
const bits64 = new BigInt64Array(float64.buffer);

/** The greatest float32 number below a float32 number, so that `value < x` is `value <= nextBelowFloat32(x)`; x is not -Infinity. */
export function nextBelowFloat32(x: number): number {
  // Between the two zeros lies nothing: the number below both is the negative one nearest to them.
  float32[0] = x === 0 ? -0 : x;
  bits32[0] += float32[0] > 0 ? -1 : 1;
  return float32[0];
}

/** The greatest float64 number below x, which is not -Infinity. */
export function nextBelowFloat64(x: number): number {
  float64[0] = x === 0 ? -0 : x;
  bits64[0] += float64[0] > 0 ? -1n : 1n;
  return float64[0];
}
