/** Freezes a quantile of the control's past, so that exceeding it is a badness of 0 or 1. */
import { HarnessError } from "@colophon/kernel";
import { betaQuantile, probability } from "../statistics/distributions.ts";

export interface FrozenQuantile {
  /** Exceeding it is bad. */
  readonly threshold: number;
  /** An upper bound, at confidence 1 − alpha, of how often more values of the same kind exceed it. */
  readonly exceedance: number;
}

/**
 * The empirical `quantile` of `values`, for guards of tails such as a p95 of latency: 1[x > threshold] of
 * challenger and concurrent control goes to a `BinaryGuard`, which holds whatever latency does meanwhile.
 * Where there is no concurrent control, hold it against `exceedance` in a `LevelGuard`; this alpha then
 * adds to the guard's own.
 *
 * With the k-th smallest of m values drawn alike from a continuous distribution, the share that exceeds it
 * is Beta(m − k + 1, k), whatever the distribution (S. Wilks, 1941); ties can only lower it.
 *
 * @throws HarnessError `usage` without as many values as would leave one above the quantile, for a value
 *   that is no finite number, or a quantile or alpha that is no probability.
 */
export function freezeQuantile(
  values: readonly number[],
  { quantile, alpha }: { readonly quantile: number; readonly alpha: number },
): FrozenQuantile {
  const rank = Math.ceil(probability(quantile) * values.length);
  const bad = values.find((value) => !Number.isFinite(value));
  const sorted = Float64Array.from(values).sort();
  const threshold = sorted[rank - 1];
  if (bad !== undefined || threshold === undefined || rank === values.length) {
    const what = bad === undefined ? `${values.length} values` : `a sample with the value ${bad}`;
    throw new HarnessError(
      "usage",
      `There is no quantile ${quantile} of ${what}; give finite numbers, more than ${Math.ceil(1 / (1 - quantile))} of them.`,
    );
  }
  const exceedance = betaQuantile(1 - alpha, values.length - rank + 1, rank);
  return { threshold, exceedance };
}
