/** What is known of one arm in one objective: counts of success and failure over a uniform prior. */
import { HarnessError } from "@colophon/kernel";
import type { Draws } from "../seeded-draws.ts";
import type { Bounds } from "../statistics/clustered-mean.ts";
import { betaQuantile, probability } from "../statistics/distributions.ts";
import { drawGamma } from "./draw-gamma.ts";

/**
 * Sums of values and of their complements, each value in [0, 1] and weighed by its discount; the prior
 * is not in them. The posterior is Beta(1 + successes, 1 + failures).
 */
export interface BetaCounts {
  readonly successes: number;
  readonly failures: number;
}

export const NO_COUNTS: BetaCounts = { successes: 0, failures: 0 };

/**
 * Adds a value that counts `weight` times: S + w·v, F + w·(1 − v). A value between 0 and 1 adds to both,
 * which is cautious: its posterior is as wide as that of a coin with the same mean.
 *
 * @throws HarnessError `usage` for a value outside [0, 1], or a weight that is negative.
 */
export function addValue({ successes, failures }: BetaCounts, value: number, weight = 1): BetaCounts {
  if (!(value >= 0 && value <= 1)) {
    throw new HarnessError("usage", `${value} cannot be counted; give a value from 0 to 1.`);
  }
  if (!(weight >= 0)) {
    throw new HarnessError("usage", `A value cannot count ${weight} times; give 0 or more.`);
  }
  return { successes: successes + weight * value, failures: failures + weight * (1 - value) };
}

/**
 * γS and γF. Discounting all arms before each value is added forgets what is old, with a window of some
 * 1/(1 − γ) values: V. Raj and S. Kalyani, Taming non-stationary bandits, arXiv 1707.09727.
 *
 * @throws HarnessError `usage` for a factor outside [0, 1].
 */
export function discountCounts({ successes, failures }: BetaCounts, factor: number): BetaCounts {
  if (!(factor >= 0 && factor <= 1)) {
    throw new HarnessError("usage", `${factor} is no discount; give a factor from 0 to 1, 1 for none.`);
  }
  return { successes: factor * successes, failures: factor * failures };
}

/**
 * Bounds of the posterior, one-sided at alpha each: its quantiles α and 1 − α.
 *
 * @throws HarnessError `usage` for an alpha that is no probability.
 */
export function posteriorBounds({ successes, failures }: BetaCounts, alpha: number): Bounds {
  probability(alpha);
  return {
    lower: betaQuantile(alpha, 1 + successes, 1 + failures),
    upper: betaQuantile(1 - alpha, 1 + successes, 1 + failures),
  };
}

/** A share drawn from the posterior, in (0, 1): the part of one gamma variable in the sum of two. */
export function drawShare({ successes, failures }: BetaCounts, random: Draws): number {
  const hit = drawGamma(1 + successes, random);
  return hit / (hit + drawGamma(1 + failures, random));
}
