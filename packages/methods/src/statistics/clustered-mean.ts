/** The mean of values that come in clusters, with a standard error that respects them. */
import { HarnessError } from "@colophon/kernel";
import { probability, studentQuantile } from "./distributions.ts";

/** What one cluster adds: the sum of its values, and how many they are. */
export interface ClusterTotal {
  readonly sum: number;
  readonly size: number;
}

export interface ClusteredMean {
  readonly mean: number;
  /** Null with fewer than two clusters: one says nothing of how far others lie apart. */
  readonly standardError: number | null;
  readonly values: number;
  readonly totals: readonly ClusterTotal[];
}

/** Bounds, one-sided at alpha each; together an interval of 1 − 2 alpha. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The mean of `values` and its cluster-robust standard error
 *
 *   SE = (1/n) √( C/(C−1) · Σ_c (Σ_{i∈c} (x_i − x̄))² )
 *
 * over C clusters. `clusters` names the cluster of each value; null, or no array, is a cluster of its
 * own, and with such alone SE is s/√n. Does not depend on the order of the values.
 *
 * E. Miller, Adding error bars to evals, arXiv 2411.00640, appendix A; the factor C/(C−1) as in Inspect AI.
 *
 * @throws HarnessError `usage` without values, or for one that is no finite number.
 */
export function clusteredMean(
  values: readonly number[],
  clusters?: readonly (string | null)[],
): ClusteredMean {
  const bad = values.find((value) => !Number.isFinite(value));
  if (values.length === 0 || bad !== undefined) {
    const what = values.length === 0 ? "no values" : `the value ${bad}`;
    throw new HarnessError("usage", `There is no mean of ${what}; give finite numbers, at least one.`);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const totals = clusterTotals(values, clusters);
  return { mean, standardError: standardErrorOf(totals, mean, values.length), values: values.length, totals };
}

function clusterTotals(
  values: readonly number[],
  clusters: readonly (string | null)[] | undefined,
): readonly ClusterTotal[] {
  const alone: ClusterTotal[] = [];
  const named = new Map<string, { sum: number; size: number }>();
  values.forEach((value, at) => {
    const cluster = clusters?.[at] ?? null;
    if (cluster === null) {
      alone.push({ sum: value, size: 1 });
      return;
    }
    const total = named.get(cluster) ?? { sum: 0, size: 0 };
    total.sum += value;
    total.size += 1;
    named.set(cluster, total);
  });
  return [...alone, ...named.values()];
}

function standardErrorOf(totals: readonly ClusterTotal[], mean: number, n: number): number | null {
  const count = totals.length;
  if (count < 2) return null;
  const squares = totals.reduce((sum, total) => sum + (total.sum - mean * total.size) ** 2, 0);
  return Math.sqrt((count / (count - 1)) * squares) / n;
}

/**
 * x̄ ± t_{1−α, C−1} · SE, with one degree of freedom less than there are clusters; null where there is
 * no standard error.
 *
 * @throws HarnessError `usage` for an alpha that is no probability.
 */
export function studentBounds({ mean, standardError, totals }: ClusteredMean, alpha: number): Bounds | null {
  probability(alpha);
  if (standardError === null) return null;
  const reach = standardError === 0 ? 0 : studentQuantile(1 - alpha, totals.length - 1) * standardError;
  return { lower: mean - reach, upper: mean + reach };
}

/** The skewness m₃/m₂^1.5 of the clusters' sums about the mean; 0 where they do not vary. */
export function clusterSkewness({ mean, totals }: ClusteredMean): number {
  const rest = totals.map(({ sum, size }) => sum - mean * size);
  const moment = (power: number): number =>
    rest.reduce((sum, value) => sum + value ** power, 0) / rest.length;
  const spread = moment(2);
  return spread === 0 ? 0 : moment(3) / spread ** 1.5;
}
