/** What another policy would have earned, from rewards that were logged with the probability of their draw. */
import { HarnessError } from "@colophon/kernel";
import { type ClusteredMean, clusteredMean, studentBounds } from "../statistics/clustered-mean.ts";

/** A reward of something that was drawn. */
export interface LoggedReward {
  readonly reward: number;
  /** With which the policy that served drew it, in (0, 1]. */
  readonly logged: number;
  /** With which the policy asked about would have drawn it, in [0, 1]. */
  readonly target: number;
  /** Draws that are not independent, such as all calls of one sticky unit, share a name; null stands alone. */
  readonly cluster: string | null;
}

export interface OffPolicyOptions {
  /** Of each bound, one-sided; 0.025 when left out, an interval of 95 %. */
  readonly alpha?: number;
  /** Weights above it are cut to it, which trades variance for a bias downwards; null, the default, cuts none. */
  readonly clip?: number | null;
  /** The least effective sample size that is reported on; 30 when left out. */
  readonly minimum?: number;
}

/** A mean reward with its bounds; IPS may lie outside the range of the rewards. */
export interface RewardEstimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

interface OffPolicyFacts {
  /** Kish's (Σw)²/Σw², over clusters. */
  readonly effectiveSize: number;
  readonly samples: number;
  /** Rewards whose weight was cut. */
  readonly clipped: number;
  /** Near 1 unless weights were cut, or the policy asked about draws what was never drawn. */
  readonly meanWeight: number;
}

export type OffPolicyEstimate =
  | (OffPolicyFacts & { readonly status: "insufficient" })
  | (OffPolicyFacts & {
      readonly status: "estimated";
      readonly ips: RewardEstimate;
      readonly snips: RewardEstimate;
    });

/**
 * Inverse propensity scoring and its self-normalised form over n rewards r with weights w = target/logged:
 *
 *   IPS = Σ w·r / n,   SNIPS = Σ w·r / Σ w
 *
 * IPS is unbiased. SNIPS is biased by the order of 1/n, stays within the range of the rewards, does not
 * change by more than a constant when one is added to them, and mostly varies less. Bounds by Student's t
 * with a standard error that respects clusters, that of SNIPS over w·(r − SNIPS)/w̄.
 *
 * D. Horvitz and D. Thompson, JASA 47 (1952); A. Swaminathan and T. Joachims, The self-normalized
 * estimator for counterfactual learning, NIPS 2015; cut weights: L. Bottou et al., JMLR 14 (2013);
 * effective size: L. Kish, Survey sampling, 1965.
 *
 * `insufficient` where the effective size is below the minimum, or all rewards share one cluster.
 *
 * @throws HarnessError `usage` for a logged probability of 0, for numbers that are no probabilities, for a
 * reward that is no finite number, and for a clip that is not above 0.
 */
export function estimateOffPolicy(
  rewards: readonly LoggedReward[],
  options: OffPolicyOptions = {},
): OffPolicyEstimate {
  const { alpha = 0.025, clip = null, minimum = 30 } = options;
  if (clip !== null && !(clip > 0)) {
    throw new HarnessError("usage", `Weights cannot be cut to ${clip}; give a number above 0, or null.`);
  }
  for (const reward of rewards) checkReward(reward);
  const raw = rewards.map(({ logged, target }) => target / logged);
  const weights = clip === null ? raw : raw.map((weight) => Math.min(weight, clip));
  const clusters = rewards.map(({ cluster }) => cluster);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const facts: OffPolicyFacts = {
    effectiveSize: sum === 0 ? 0 : effectiveSize(clusteredMean(weights, clusters)),
    samples: rewards.length,
    clipped: clip === null ? 0 : raw.filter((weight) => weight > clip).length,
    meanWeight: sum / Math.max(1, rewards.length),
  };
  if (facts.effectiveSize < minimum) return { status: "insufficient", ...facts };
  const earned = rewards.map(({ reward }, at) => (weights[at] as number) * reward);
  const plain = clusteredMean(earned, clusters);
  const ips = estimate(plain.mean, plain, alpha);
  const own = plain.mean / facts.meanWeight;
  const rest = rewards.map(({ reward }, at) => ((weights[at] as number) * (reward - own)) / facts.meanWeight);
  const snips = estimate(own, clusteredMean(rest, clusters), alpha);
  if (ips === null || snips === null) return { status: "insufficient", ...facts };
  return { status: "estimated", ...facts, ips, snips };
}

function effectiveSize({ totals }: ClusteredMean): number {
  const sum = totals.reduce((total, cluster) => total + cluster.sum, 0);
  const squares = totals.reduce((total, cluster) => total + cluster.sum ** 2, 0);
  return (sum * sum) / squares;
}

/** Null where one cluster says nothing of how far others lie apart. */
function estimate(value: number, spread: ClusteredMean, alpha: number): RewardEstimate | null {
  const bounds = studentBounds(spread, alpha);
  if (bounds === null) return null;
  return { value, lower: value + bounds.lower - spread.mean, upper: value + bounds.upper - spread.mean };
}

function checkReward({ reward, logged, target }: LoggedReward): void {
  if (!(logged > 0 && logged <= 1)) {
    throw new HarnessError(
      "usage",
      `A draw of probability ${logged} cannot be weighed; leave out what was not drawn by chance.`,
    );
  }
  if (!(target >= 0 && target <= 1)) {
    throw new HarnessError("usage", `${target} is no probability of a policy; give one from 0 to 1.`);
  }
  if (!Number.isFinite(reward)) {
    throw new HarnessError("usage", `${reward} is no reward; leave out what has not arrived.`);
  }
}
