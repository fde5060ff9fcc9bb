/** The port for randomness, and the generator of the platform behind it. */

export interface RandomSource {
  /** Fills the array with random bytes and returns it. */
  fill(bytes: Uint8Array): Uint8Array;
}

/** The platform's cryptographic generator (Web Crypto, present on every runtime we support). */
export const systemRandom: RandomSource = {
  fill: (bytes) => crypto.getRandomValues(bytes),
};

/** 128 random bits in 32 hex digits, as traces are named: for what has no place in time. */
export function randomId(random: RandomSource): string {
  const bytes = random.fill(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
