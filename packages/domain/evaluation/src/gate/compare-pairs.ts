/** Compares two sides case by case, by the method that the differences call for. */
import {
  type Bounds,
  bootstrapBounds,
  type ClusteredMean,
  clusteredMean,
  clusterSkewness,
  EXACT_PAIRS,
  exactTangoBounds,
  exactTangoPValue,
  normalCdf,
  type PairCounts,
  seededDraws,
  studentBounds,
  studentCdf,
  tangoStatistic,
} from "@colophon/methods";
import type { GateComparison } from "./gate-verdict.ts";

/** Challenger less other side, of one case. */
export interface CaseDifference {
  readonly difference: number;
  readonly cluster: string | null;
}

export interface CompareRules {
  readonly alpha: number;
  readonly seed: number;
}

/** Below that many clusters that moved at all, where most did not, Student's t passes too much. */
const MOVED_ENOUGH = 60;
/** A cluster whose mean moved less shows the jitter of a graded score, and nothing of how far others may move. */
const STILL = 0.05;
/** From there on, and with that skew, clusters are resampled; above the second count t is as good. */
const BOOTSTRAP_FROM = 100;
const BOOTSTRAP_TO = 5000;
const SKEWED = 1;

type Kind = "tango" | "student+tango" | "bootstrap" | "student";

/**
 * Differences of −1, 0 and 1 of independent cases, as pass or fail has them, are Tango's. Else the mean
 * over cases with a standard error over clusters: the t interval, or a bootstrap of whole clusters where
 * there are a hundred and they are skewed. Where most clusters show no difference, and few do, the
 * wider of t and of Tango over whole clusters: what did not happen in a few cases has no variance to show.
 *
 * `differences` must not be empty.
 */
export function comparePairs(
  differences: readonly CaseDifference[],
  { alpha, seed }: CompareRules,
): GateComparison {
  const mean = meanOf(differences);
  const method = methodOf(differences, mean);
  const { lower, upper } = boundsOf(mean, method, { alpha, seed });
  return {
    difference: mean.mean,
    lower: Math.max(-1, lower),
    upper: Math.min(1, upper),
    cases: differences.length,
    clusters: mean.totals.length,
    method,
  };
}

/** The p-value of `the mean lost no more than the margin`: small says that it lost more. */
export function lossPValue(differences: readonly CaseDifference[], margin: number): number {
  const mean = meanOf(differences);
  const method = methodOf(differences, mean);
  const byTango = (): number => {
    const { wins, losses, pairs } = clusterCounts(mean);
    const mirrored = { wins: losses, losses: wins, pairs };
    return pairs > EXACT_PAIRS
      ? 1 - normalCdf(tangoStatistic(mirrored, margin))
      : exactTangoPValue(mirrored, margin);
  };
  if (method === "tango") return byTango();
  const { standardError, totals } = mean;
  const gap = mean.mean + margin;
  const byStudent = standardError ? studentCdf(gap / standardError, totals.length - 1) : gap < 0 ? 0 : 1;
  return method === "student+tango" ? Math.max(byStudent, byTango()) : byStudent;
}

export function meanOf(differences: readonly CaseDifference[]): ClusteredMean {
  return clusteredMean(
    differences.map(({ difference }) => difference),
    differences.map(({ cluster }) => cluster),
  );
}

function methodOf(differences: readonly CaseDifference[], mean: ClusteredMean): Kind {
  const { totals, standardError } = mean;
  const alone = totals.length === differences.length;
  if (alone && differences.every(({ difference }) => Number.isInteger(difference))) return "tango";
  const moved = totals.filter(({ sum, size }) => Math.abs(sum) > STILL * size).length;
  const sparse = moved < MOVED_ENOUGH && 2 * moved <= totals.length;
  // Without a spread t would be certain of whatever it saw.
  if (sparse || standardError === null || standardError < 1e-12) return "student+tango";
  if (totals.length > BOOTSTRAP_TO || Math.abs(clusterSkewness(mean)) <= SKEWED) return "student";
  return totals.length >= BOOTSTRAP_FROM ? "bootstrap" : "student+tango";
}

function boundsOf(mean: ClusteredMean, method: Kind, { alpha, seed }: CompareRules): Bounds {
  if (method === "tango") return exactTangoBounds(clusterCounts(mean), alpha);
  if (method === "bootstrap") {
    return bootstrapBounds(mean, { alpha, random: seededDraws(seed) }) ?? UNBOUNDED;
  }
  const student = studentBounds(mean, alpha);
  if (method === "student") return student ?? UNBOUNDED;
  const tango = exactTangoBounds(clusterCounts(mean), alpha);
  return {
    lower: Math.min(tango.lower, student?.lower ?? tango.lower),
    upper: Math.max(tango.upper, student?.upper ?? tango.upper),
  };
}

const UNBOUNDED: Bounds = { lower: -1, upper: 1 };

/** Gains and losses with whole clusters as pairs, of which the average one counts once. */
export function clusterCounts({ totals, values }: ClusteredMean): PairCounts {
  const size = values / totals.length;
  let [wins, losses] = [0, 0];
  for (const { sum } of totals) {
    if (sum > 0) wins += sum / size;
    else losses -= sum / size;
  }
  return { wins, losses, pairs: totals.length };
}
