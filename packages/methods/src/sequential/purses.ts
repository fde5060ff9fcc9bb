/** A bettor with several purses: a bet of a different size from each, and one wealth. */

/** How the wealth is spread over the purses; adds up to 1. */
export type Purses = readonly number[];

/** As much in each of `count` purses. */
export function evenPurses(count: number): Purses {
  return Array.from({ length: count }, () => 1 / count);
}

/**
 * Each purse is multiplied by 1 + stake·gain. Spread instead of counted, they need no logarithm each, and
 * cannot grow beyond what a number holds; one that is lost for good may end at 0.
 */
export function stakeAll(
  purses: Purses,
  stakes: readonly number[],
  gain: number,
): { readonly purses: Purses; readonly logFactor: number } {
  const next = purses.map((purse, at) => purse * (1 + (stakes[at] ?? 0) * gain));
  let factor = 0;
  for (const purse of next) factor += purse;
  for (let at = 0; at < next.length; at += 1) next[at] = (next[at] ?? 0) / factor;
  return { purses: next, logFactor: Math.log(factor) };
}
