/** A seeded generator, so that every run measures the same workload. */
export interface Seeded {
  /** The next number in [0, 1). */
  next(): number;
  /** The next whole number in [0, below). */
  below(limit: number): number;
  /** That many random bytes as hex digits. */
  hex(bytes: number): string;
}

/** SplitMix32. */
export function seeded(seed: number): Seeded {
  let state = seed | 0;
  const bits = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return {
    next: () => bits() / 2 ** 32,
    below: (limit) => Math.floor((bits() / 2 ** 32) * limit),
    hex(bytes) {
      let digits = "";
      while (digits.length < bytes * 2) digits += bits().toString(16).padStart(8, "0");
      // Written out afresh: an application's ids are no trees of pieces that somebody must join first.
      return Buffer.from(digits.slice(0, bytes * 2), "latin1").toString("latin1");
    },
  };
}
