/** The cosine between two vectors, as of embedded texts. */

/**
 * From -1 (opposite) to 1 (the same direction); null where it has no meaning: vectors of different
 * lengths, empty ones, and those of no length.
 */
export function cosineSimilarity(one: readonly number[], other: readonly number[]): number | null {
  if (one.length === 0 || one.length !== other.length) return null;
  let product = 0;
  let ownSquare = 0;
  let otherSquare = 0;
  one.forEach((value, at) => {
    const beside = other[at] as number;
    product += value * beside;
    ownSquare += value * value;
    otherSquare += beside * beside;
  });
  const cosine = product / (Math.sqrt(ownSquare) * Math.sqrt(otherSquare));
  return Number.isFinite(cosine) ? Math.min(1, Math.max(-1, cosine)) : null;
}
