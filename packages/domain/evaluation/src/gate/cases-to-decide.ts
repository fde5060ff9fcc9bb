/** Says how many cases, or how many repeats, would decide what is open. */
import { normalQuantile, sampleSize } from "@colophon/methods";
import { type CaseDifference, clusterCounts, meanOf } from "./compare-pairs.ts";
import type { GateMethod } from "./gate-verdict.ts";
import type { CasePair } from "./pair-cases.ts";

const POWER = 0.8;

export interface OpenQuestion {
  readonly margin: number;
  readonly alpha: number;
  readonly method: GateMethod;
}

/**
 * Cases in all with which the bounds clear the margin with a probability of 80 %, where the noise stays
 * as it was seen. The true change is taken to be none where the challenger looks equal or better, else
 * what was observed. Null where what was observed lies on the margin itself.
 */
export function casesToDecide(
  differences: readonly CaseDifference[],
  { margin, alpha, method }: OpenQuestion,
): number | null {
  const mean = meanOf(differences);
  const change = Math.min(0, mean.mean);
  const clusters = mean.totals.length;
  const casesPerCluster = differences.length / clusters;
  if (method === "student" || method === "bootstrap") {
    const variance = (mean.standardError ?? 0) ** 2 * differences.length;
    const needed = sampleSize({ variance, margin, change, alpha, power: POWER });
    return needed === null ? null : Math.max(needed, differences.length + 1);
  }
  const { wins, losses } = clusterCounts(mean);
  // One more that moves: that none did in a few cases does not say that none ever will.
  const share = (wins + losses + 1) / (clusters + 2);
  const variance = Math.max(share - mean.mean ** 2, share / 2);
  const needed = sampleSize({ variance, margin, change, alpha, power: POWER });
  // With fewer, not even a set without a single loss would do: (1 − margin)^n is above alpha.
  const least = Math.ceil(Math.log(alpha) / Math.log1p(-margin));
  return needed === null ? null : Math.ceil(Math.max(needed, least, clusters + 1) * casesPerCluster);
}

/**
 * Repeats per case with which the cases at hand would do: the variance of a case's difference is
 * ω² + (σ²_A + σ²_B)/K, of which repeats lower only the second part. Null where cases were not repeated,
 * so that the parts are unknown, or where the first part alone is too much.
 */
export function repeatsToDecide(
  pairs: readonly CasePair[],
  { margin, alpha, method }: OpenQuestion,
): number | null {
  const repeats = fewestRepeats(pairs);
  if (repeats < 2 || (method !== "student" && method !== "bootstrap")) return null;
  const mean = meanOf(pairs);
  const count = pairs.length;
  const within = averageOf(
    pairs.map(({ baseline, challenger }) => varianceOf(baseline.scores) + varianceOf(challenger.scores)),
  );
  // The part that is averaged away with the repeats there are, which may differ from case to case.
  const averaged = averageOf(
    pairs.map(
      ({ baseline, challenger }) =>
        varianceOf(baseline.scores) / baseline.scores.length +
        varianceOf(challenger.scores) / challenger.scores.length,
    ),
  );
  const seen = (mean.standardError ?? 0) ** 2 * count;
  const gap = margin + Math.min(0, mean.mean);
  const reach = normalQuantile(1 - alpha) + normalQuantile(POWER);
  const allowed = (count * gap * gap) / (reach * reach) - Math.max(0, seen - averaged);
  if (allowed <= 0 || within === 0) return null;
  return Math.max(repeats + 1, Math.ceil(within / allowed));
}

/** Fewest scored repeats of a pair on either side; 0 without pairs. */
export function fewestRepeats(pairs: readonly CasePair[]): number {
  return pairs.reduce(
    (least, { baseline, challenger }) => Math.min(least, baseline.scored, challenger.scored),
    pairs.length === 0 ? 0 : Number.POSITIVE_INFINITY,
  );
}

function varianceOf(values: readonly number[]): number {
  const mean = averageOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

function averageOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
