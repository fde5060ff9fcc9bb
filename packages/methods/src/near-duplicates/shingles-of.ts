/** The shingles of a text: its runs of so many words, by which texts are held against each other. */
import { wordTokens } from "../text/word-tokens.ts";

/** Each run of `size` words once; a shorter text is one shingle, and one without words none. */
export function shinglesOf(text: string, size: number): ReadonlySet<string> {
  const words = wordTokens(text);
  if (words.length === 0) return new Set();
  const last = Math.max(0, words.length - size);
  return new Set(Array.from({ length: last + 1 }, (_, at) => words.slice(at, at + size).join(" ")));
}

/** The share of shingles that two texts have in common (Jaccard 1901): 1 for the same set, 0 for none; 0 beside an empty one. */
export function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  let common = 0;
  for (const shingle of small) if (large.has(shingle)) common += 1;
  const all = one.size + other.size - common;
  return common === 0 ? 0 : common / all;
}
