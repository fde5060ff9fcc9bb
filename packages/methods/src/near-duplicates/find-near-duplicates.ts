/** Finds the texts of one list that nearly stand in another one. */
import { jaccard, shinglesOf } from "./shingles-of.ts";

export interface NearDuplicate {
  /** Places in the two lists. */
  readonly one: number;
  readonly other: number;
  /** Jaccard similarity of their shingles, from the threshold up to 1. */
  readonly similarity: number;
}

export interface NearDuplicateRules {
  /** Least similarity, in (0, 1]. */
  readonly threshold: number;
  /** Words of a shingle. */
  readonly size: number;
}

/** Pairs of words, three fifths of them shared: a word exchanged in a sentence of ten is found. */
export const NEAR_DUPLICATE: NearDuplicateRules = { threshold: 0.6, size: 2 };

/**
 * Every pair at or above the threshold, the most similar first. Exact, not estimated: only pairs that
 * share one of their rarest shingles are compared, which leaves none out, since a pair that shares none
 * of the first |x| − ⌈t·|x|⌉ + 1 cannot reach t (the prefix filter of Bayardo, Ma and Srikant, "Scaling
 * up all pairs similarity search", WWW 2007). Texts without words are like nothing.
 */
export function findNearDuplicates(
  one: readonly string[],
  other: readonly string[],
  rules: NearDuplicateRules = NEAR_DUPLICATE,
): readonly NearDuplicate[] {
  const { threshold, size } = rules;
  const [ones, others] = [one, other].map((texts) => texts.map((text) => shinglesOf(text, size)));
  if (ones === undefined || others === undefined) return [];
  const counts = new Map<string, number>();
  for (const shingles of [...ones, ...others])
    for (const shingle of shingles) counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
  const rarest = (shingles: ReadonlySet<string>): readonly string[] =>
    [...shingles]
      .sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || (a < b ? -1 : 1))
      // A hair less than the product, which may come out above a whole number that it is.
      .slice(0, shingles.size - Math.ceil(threshold * shingles.size - 1e-9) + 1);
  const places = new Map<string, number[]>();
  for (const [at, shingles] of others.entries())
    for (const shingle of rarest(shingles)) {
      const known = places.get(shingle);
      if (known === undefined) places.set(shingle, [at]);
      else known.push(at);
    }
  const found: NearDuplicate[] = [];
  for (const [at, shingles] of ones.entries()) {
    const near = new Set(rarest(shingles).flatMap((shingle) => places.get(shingle) ?? []));
    for (const beside of near) {
      const similarity = jaccard(shingles, others[beside] as ReadonlySet<string>);
      if (similarity >= threshold) found.push({ one: at, other: beside, similarity });
    }
  }
  return found.sort((a, b) => b.similarity - a.similarity || a.one - b.one || a.other - b.other);
}
