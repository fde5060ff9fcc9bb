/** Draws scores with known differences, in clusters and with repeats where asked. */
import type { ScoreLine } from "@colophon/evaluation";
import type { Draws } from "@colophon/methods";

/** The true difference of one case, in [−1, 1]. */
export type DrawDifference = (random: Draws) => number;

/** Scores of both sides whose differences are as drawn; the baseline stands at the middle of its range. */
export function scorePair(
  differences: readonly number[],
  clusterOf: (at: number) => string | null = () => null,
): readonly [readonly ScoreLine[], readonly ScoreLine[]] {
  const side = (sign: number): readonly ScoreLine[] =>
    differences.map((difference, at) => ({
      case: `case ${at}`,
      cluster: clusterOf(at),
      repeat: 0,
      score: 0.5 + (sign * difference) / 2,
      slice: [],
    }));
  return [side(-1), side(1)];
}

/** A standard normal number (Box and Muller). */
function normal(random: Draws): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/** Clipped where no score could go: at the deviations used here less than one draw in a million is. */
export function normalDifference(mean: number, deviation: number): DrawDifference {
  return (random) => Math.max(-1, Math.min(1, mean + deviation * normal(random)));
}

/** Small noise about nothing, and now and then the loss of half the scale, so that the mean is `mean`. */
export function skewedDifference(mean: number): DrawDifference {
  const share = -mean / 0.5;
  return (random) => 0.05 * normal(random) - (random.next() < share ? 0.5 : 0);
}

export interface ClusterPlan {
  readonly clusters: number;
  readonly size: number;
  readonly mean: number;
  readonly deviation: number;
  /** Of two cases of one cluster. */
  readonly correlation: number;
}

/** Normal differences that share a part within their cluster. */
export function clusteredDifferences(plan: ClusterPlan, random: Draws): readonly number[] {
  const { clusters, size, mean, deviation, correlation } = plan;
  return Array.from({ length: clusters }, () => {
    const shared = normal(random) * Math.sqrt(correlation);
    return Array.from({ length: size }, () => {
      const own = normal(random) * Math.sqrt(1 - correlation);
      return Math.max(-1, Math.min(1, mean + deviation * (shared + own)));
    });
  }).flat();
}
