/** The port for randomness, and the generator of the platform behind it. */

export interface RandomSource {
  /** Fills the array with random bytes and returns it. */
  fill(bytes: Uint8Array): Uint8Array;
}

/** The platform's cryptographic generator (Web Crypto, present on every runtime we support). */
export const systemRandom: RandomSource = {
  fill: (bytes) => crypto.getRandomValues(bytes),
};
