/** Finds the longest run of words that one text takes from another. */
import { wordTokens } from "../text/word-tokens.ts";

/** Fewer words in a row than these are shared by chance. */
export const SPAN_WORDS = 8;
/** A whole text of fewer words is a phrase that anybody may use. */
const LEAST_WHOLE = 4;

/**
 * The longest run of at least `least` words of `text` that stands in `source` as it is, in lower case
 * with single spaces; null for none. A shorter text counts when all of it stands there, from four words on.
 *
 * Verbatim runs of words are how contamination of test sets is looked for (Brown et al. 2020,
 * arXiv 2005.14165, appendix C, with 13 words; fewer here, since cases are short).
 */
export function sharedSpan(text: string, source: string, least: number = SPAN_WORDS): string | null {
  const words = wordTokens(text);
  const length = Math.min(least, words.length);
  if (length < Math.min(least, LEAST_WHOLE)) return null;
  const theirs = wordTokens(source);
  const places = Map.groupBy(
    Array.from({ length: Math.max(0, theirs.length - length + 1) }, (_, at) => at),
    (at) => theirs.slice(at, at + length).join(" "),
  );
  let best: readonly string[] = [];
  for (let from = 0; from + length <= words.length; from++) {
    for (const place of places.get(words.slice(from, from + length).join(" ")) ?? []) {
      let run = length;
      while (from + run < words.length && words[from + run] === theirs[place + run]) run += 1;
      if (run > best.length) best = words.slice(from, from + run);
    }
  }
  return best.length === 0 ? null : best.join(" ");
}
