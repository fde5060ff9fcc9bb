/** Overlap of words: how many of them two texts share, whatever their order. */
import { type OverlapScore, overlapScore } from "./overlap-score.ts";
import { wordTokens } from "./word-tokens.ts";

/**
 * Precision, recall and F1 over the bags of words of an answer and a reference: a word that stands
 * twice in one counts twice only where it stands twice in the other too.
 *
 * Rajpurkar et al., SQuAD, EMNLP 2016 (there without articles, which differ by language).
 */
export function tokenF1(answer: string, reference: string): OverlapScore {
  const said = wordTokens(answer);
  const wanted = wordTokens(reference);
  const left = new Map<string, number>();
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of said) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared += 1;
  }
  return overlapScore({ shared, said: said.length, wanted: wanted.length });
}
