/** Splits a change exactly among the factors that made it, by the Shapley value. */
import { HarnessError } from "@colophon/kernel";

/** Beyond it 2^n evaluations take too long to wait for. */
export const MAX_FACTORS = 16;

/**
 * The Shapley value of each of `factors` players. `worth` gets a bit mask: bit i is set where factor i
 * has already changed. The parts add up to `worth(all) - worth(none)`, do not depend on an order in
 * which factors would change, are equal for factors that do the same, and 0 for one that does nothing.
 * `worth` is asked once for each of the 2^factors masks.
 *
 * L. S. Shapley, A value for n-person games, Contributions to the Theory of Games II, 1953; used to take
 * a change apart: A. F. Shorrocks, Decomposition procedures for distributional analysis, Journal of
 * Economic Inequality 11 (2013).
 *
 * @throws HarnessError `usage` for a number of factors that is not whole, negative or above 16.
 */
export function splitByShapley(factors: number, worth: (changed: number) => number): Float64Array {
  if (!Number.isInteger(factors) || factors < 0 || factors > MAX_FACTORS) {
    throw new HarnessError(
      "usage",
      `A change cannot be split among ${factors} factors; give a whole number up to ${MAX_FACTORS}.`,
    );
  }
  const masks = 2 ** factors;
  const values = new Float64Array(masks);
  for (let mask = 0; mask < masks; mask += 1) values[mask] = worth(mask);
  const weights = weightsOf(factors);
  const parts = new Float64Array(factors);
  for (let mask = 0; mask < masks; mask += 1) {
    const weight = weights[bitsIn(mask)] ?? 0;
    const before = values[mask] ?? 0;
    for (let factor = 0; factor < factors; factor += 1) {
      const bit = 1 << factor;
      if ((mask & bit) !== 0) continue;
      const gain = (values[mask | bit] ?? 0) - before;
      parts[factor] = (parts[factor] ?? 0) + weight * gain;
    }
  }
  return parts;
}

/** By the number of factors that have changed before: s! (n - s - 1)! / n!, the share of all orders. */
function weightsOf(factors: number): readonly number[] {
  const weights: number[] = [];
  let choose = 1;
  for (let changed = 0; changed < factors; changed += 1) {
    weights.push(1 / (factors * choose));
    choose = (choose * (factors - 1 - changed)) / (changed + 1);
  }
  return weights;
}

function bitsIn(mask: number): number {
  let bits = 0;
  for (let left = mask; left !== 0; left &= left - 1) bits += 1;
  return bits;
}
