/** Tells entries of a dictionary that say the same of sums, though they differ in what sums do not keep apart. */
import type { DictionaryName, DictionaryReader } from "./word-node.ts";

/**
 * Gives the first number that was met of all those that say the same.
 *
 * @param said how many of an entry's words count.
 */
export function createFirstSaid(
  words: DictionaryReader,
  table: DictionaryName,
  said: number,
): (n: number) => number {
  const known = new Map<number, number>();
  const first = new Map<string, number>();
  return (n) => {
    let same = known.get(n);
    if (same === undefined) {
      const what = JSON.stringify(words(table, n).slice(0, said));
      same = first.get(what) ?? n;
      first.set(what, same);
      known.set(n, same);
    }
    return same;
  };
}
