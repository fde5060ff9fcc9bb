/** Tango's score test for the difference of two proportions that were measured on the same cases. */
import { HarnessError } from "@colophon/kernel";
import type { Bounds } from "./clustered-mean.ts";
import { normalQuantile } from "./distributions.ts";

/**
 * Pairs of pass and fail. A win is a case that only the challenger passes, a loss one that only the
 * baseline passes. Wins and losses need not be whole: the sums of gains and of losses of scores in
 * [0, 1] may stand for them, which is cautious, since no score in [0, 1] varies more than pass or fail.
 */
export interface PairCounts {
  readonly wins: number;
  readonly losses: number;
  readonly pairs: number;
}

/**
 * Tango's score statistic z for the difference D of challenger less baseline, with b wins, c losses of
 * n pairs:
 *
 *   q = (√(B² − 4AC) − B)/2A  with  A = 2n, B = −b − c + (2n − b + c)D, C = −cD(1 − D)
 *   z = (b − c − nD)/√(n(2q + D(1 − D)))
 *
 * where q is the share of losses that is most likely under D. Standard normal under D for large n;
 * infinite, or 0 where nothing differs, without variance.
 *
 * T. Tango, Equivalence test and confidence interval for the difference in proportions for the
 * paired-sample design, Statistics in Medicine 17 (1998).
 *
 * @throws HarnessError `usage` for counts that no pairs can have, or a difference outside of [−1, 1].
 */
export function tangoStatistic(counts: PairCounts, difference: number): number {
  checkPairs(counts);
  if (!(difference >= -1 && difference <= 1)) {
    throw new HarnessError("usage", `${difference} is no difference of two shares; give one from -1 to 1.`);
  }
  return scoreStatistic(counts, difference);
}

/** The same without checks, for the loops that call it thousands of times. */
export function scoreStatistic({ wins, losses, pairs }: PairCounts, difference: number): number {
  const a = 2 * pairs;
  const b = -wins - losses + (a - wins + losses) * difference;
  const c = -losses * difference * (1 - difference);
  const share = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
  const variance = pairs * (2 * share + difference * (1 - difference));
  const gap = wins - losses - pairs * difference;
  if (variance > 1e-12) return gap / Math.sqrt(variance);
  return Math.abs(gap) < 1e-9 ? 0 : Math.sign(gap) * Number.POSITIVE_INFINITY;
}

/**
 * The differences that the score test does not reject at alpha on either side, found by bisection. For
 * few pairs its error is up to 1.7 points above a nominal 5 %; `exactTangoBounds` never is.
 *
 * @throws HarnessError `usage` for counts that no pairs can have, or an alpha that is no probability.
 */
export function tangoBounds(counts: PairCounts, alpha: number): Bounds {
  checkPairs(counts);
  const critical = normalQuantile(1 - alpha);
  const lower = (given: PairCounts): number =>
    lowestKept(given, 1e-10, (difference) => scoreStatistic(given, difference) < critical);
  return { lower: lower(counts), upper: -lower(swapped(counts)) };
}

/** The lowest difference, up to the observed one, that `keeps` says is not rejected. */
export function lowestKept(
  { wins, losses, pairs }: PairCounts,
  precision: number,
  keeps: (difference: number) => boolean,
): number {
  let low = -1;
  let high = (wins - losses) / pairs;
  if (high <= low || keeps(low)) return low;
  while (high - low > precision) {
    const middle = (low + high) / 2;
    if (keeps(middle)) high = middle;
    else low = middle;
  }
  // The rejected side, so that a bound is never claimed that is not held.
  return low;
}

/** The same pairs with the sides exchanged. */
export function swapped({ wins, losses, pairs }: PairCounts): PairCounts {
  return { wins: losses, losses: wins, pairs };
}

/** @throws HarnessError `usage`. */
export function checkPairs({ wins, losses, pairs }: PairCounts): void {
  const whole = Number.isInteger(pairs) && pairs >= 1;
  if (whole && wins >= 0 && losses >= 0 && wins + losses <= pairs + 1e-9) return;
  throw new HarnessError(
    "usage",
    `${wins} wins and ${losses} losses of ${pairs} pairs cannot be; give counts that add up to the pairs at most.`,
  );
}
