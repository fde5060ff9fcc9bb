/** A generator of numbers that gives the same draws for the same seed. */

export interface Draws {
  /** The next number in [0, 1), in steps of 2^-32. */
  next(): number;
  /** The next whole number in [0, limit). */
  below(limit: number): number;
}

/**
 * SplitMix32: a counter through a mixing function (constants of C. Wellons' hash-prospector,
 * lowbias32). Its period is 2^32; not for secrets.
 */
export function seededDraws(seed: number): Draws {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return { next, below: (limit) => Math.floor(next() * limit) };
}
