/** Counts the words of a text that have two letters or more, in scripts without blanks by two signs a word. */

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_-]+/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

export function countWords(text: string): number {
  const unspaced = text.match(UNSPACED)?.length ?? 0;
  const rest = unspaced === 0 ? text : text.replace(UNSPACED, " ");
  return Math.ceil(unspaced / 2) + (rest.match(WORD)?.length ?? 0);
}
