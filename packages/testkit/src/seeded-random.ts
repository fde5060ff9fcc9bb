/** A generator that gives the same bytes for the same seed. */
import { type RandomSource, unitDraw } from "@colophon/kernel";

export function seededRandom(seed: number | string): RandomSource {
  let state = Math.floor(unitDraw(`seed ${seed}`) * 2 ** 32);
  // mulberry32: one 32-bit state, good enough to tell ids and keys of tests apart.
  const word = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    fill(bytes) {
      for (let at = 0; at < bytes.length; at++) bytes[at] = word() >>> 24;
      return bytes;
    },
  };
}
