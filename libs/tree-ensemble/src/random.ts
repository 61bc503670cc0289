/** A seeded generator of uniform numbers in [0, 1); same seed, same numbers, on every machine. */
export type Random = () => number;

/**
 * sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state; `stream` separates the uses that share one seed, so that
 * drawing more numbers for one of them does not move the others.
 */
export function createRandom(seed: number, stream: number): Random {
  let a = seed | 0;
  let b = Math.floor(seed / 0x1_0000_0000) | 0;
  let c = stream | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  // The author's warm-up, after which nearby seeds share nothing.
  for (let step = 0; step < 15; step++) next();
  return next;
}
