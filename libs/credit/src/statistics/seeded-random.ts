/** A reproducible source of randomness: the same seed gives the same numbers on every machine. */
export interface SeededRandom {
  /** An integer in 0..2³²−1. */
  uint32(): number;
  /** A number in [0, 1) with 53 random bits. */
  uniform(): number;
  /** An integer in 0..bound−1; bound at most 2³². */
  integer(bound: number): number;
  /** A draw of the standard normal distribution. */
  normal(): number;
}

const rotateLeft = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** xoshiro128** 1.1 (Blackman and Vigna, ACM Transactions on Mathematical Software 47, 2021) from a state of four 32-bit words, not all zero. */
export const createRandomFromState = (words: readonly [number, number, number, number]): SeededRandom => {
  let [s0, s1, s2, s3] = words;

  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotateLeft(s3, 11);
    return result;
  };
  const uniform = (): number => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;
  const integer = (bound: number): number => Math.floor(uniform() * bound);

  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    // Marsaglia's polar method: two draws at a time.
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        spare = v * factor;
        return u * factor;
      }
    }
  };
  return { uint32, uniform, integer, normal };
};

/** xoshiro128** whose state is drawn from `seed` (an integer, taken modulo 2³²) by splitmix32, as its authors advise. */
export const createRandom = (seed: number): SeededRandom => {
  let state = seed >>> 0;
  const splitMix = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let word = state;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  };
  return createRandomFromState([splitMix(), splitMix(), splitMix(), splitMix()]);
};

/** Puts the first `values.length` entries into a random order, in place (Fisher and Yates). */
export const shuffle = (values: Uint32Array, random: SeededRandom): void => {
  for (let last = values.length - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    const kept = values[last] ?? 0;
    values[last] = values[chosen] ?? 0;
    values[chosen] = kept;
  }
};
