/** Quantiles of what has heavy tails, such as latencies, with bounds that assume no distribution. */
import type { Bounds } from "./clustered-mean.ts";
import { normalQuantile, probability } from "./distributions.ts";

/** The quantile of sorted values by linear interpolation between order statistics (Hyndman and Fan's type 7). */
export function quantileOf(sorted: readonly number[], p: number): number {
  const place = p * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

export interface QuantileQuestion {
  readonly p: number;
  readonly alpha: number;
  /** Values that are independent: fewer than all where cases were repeated or come in clusters. */
  readonly independent: number;
}

/**
 * Bounds of a quantile, one-sided at alpha each: the order statistics at p ± z √(p(1−p)/m) for m
 * independent values, infinite where there is none that far out.
 *
 * The interval by order statistics (W. Conover, Practical nonparametric statistics), in its normal limit.
 *
 * @throws HarnessError `usage` for an alpha that is no probability.
 */
export function quantileBounds(
  sorted: readonly number[],
  { p, alpha, independent }: QuantileQuestion,
): Bounds {
  const reach = normalQuantile(1 - probability(alpha)) * Math.sqrt((p * (1 - p)) / independent);
  const [low, high] = [p - reach, p + reach];
  return {
    lower: low < 0 ? Number.NEGATIVE_INFINITY : (sorted[Math.floor(low * (sorted.length - 1))] ?? Number.NaN),
    upper:
      high > 1 ? Number.POSITIVE_INFINITY : (sorted[Math.ceil(high * (sorted.length - 1))] ?? Number.NaN),
  };
}
