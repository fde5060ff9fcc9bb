/** Cuts a text into the words that overlap measures count. */

/** Scripts that write without spaces between words: there each character counts as a word. */
const SPACELESS = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]`;
const LETTER = String.raw`[[\p{L}\p{M}]--${SPACELESS}]`;
const WORD = new RegExp(
  String.raw`${SPACELESS}\p{M}*|${LETTER}+(?:['’]${LETTER}+)*|\p{N}+(?:[.,]\p{N}+)*`,
  "gv",
);

/**
 * The words of a text in their order: runs of letters or digits in lower case, in Unicode's form NFKC;
 * `1,5` and `don't` are one word each, punctuation is none.
 *
 * @example
 * wordTokens("Don't pay €1,5!"); // ["don't", "pay", "1,5"]
 */
export function wordTokens(text: string): readonly string[] {
  return text.normalize("NFKC").toLowerCase().match(WORD) ?? [];
}
