/** ROUGE-L: how long a sequence of words two texts share in the same order. */
import { type OverlapScore, overlapScore } from "./overlap-score.ts";
import { wordTokens } from "./word-tokens.ts";

/**
 * Precision, recall and F1 (beta 1) over the longest common subsequence of words. Takes time in
 * proportion to the product of both lengths.
 *
 * C.-Y. Lin, ROUGE: a package for automatic evaluation of summaries, ACL workshop 2004, section 3.1.
 */
export function rougeL(answer: string, reference: string): OverlapScore {
  const said = wordTokens(answer);
  const wanted = wordTokens(reference);
  return overlapScore({
    shared: longestCommonSubsequence(said, wanted),
    said: said.length,
    wanted: wanted.length,
  });
}

/** The length of the longest sequence that stands in both lists, with gaps allowed. */
export function longestCommonSubsequence(one: readonly string[], other: readonly string[]): number {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  let above = new Uint32Array(short.length + 1);
  let row = new Uint32Array(short.length + 1);
  for (const word of long) {
    for (let at = 0; at < short.length; at += 1) {
      row[at + 1] =
        word === short[at] ? (above[at] as number) + 1 : Math.max(above[at + 1] as number, row[at] as number);
    }
    [above, row] = [row, above];
  }
  return above[short.length] ?? 0;
}
