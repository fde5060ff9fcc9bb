/** Compares the means of two arms whose values have no bound, such as latency, cost and length, at any time. */
import { HarnessError } from "@colophon/kernel";
import { probability } from "../statistics/distributions.ts";
import { type Moments, meanVariance, skewnessWithin } from "./moments.ts";

/**
 * Values of both arms while the challenger's share stood still: one for each step of a ramp. Within a step
 * whatever drifts meets both arms alike; across steps it would pass for a difference.
 */
export interface ArmMoments {
  readonly challenger: Moments;
  readonly control: Moments;
}

export interface HeavyQuestion {
  /** Of each bound. */
  readonly alpha: number;
  /** Values that each arm must have; below there is no answer. 100 by default. */
  readonly minimum?: number;
  /** The weight (Σ nm/(n + m) over the steps) at which the bounds are to be tightest. 250 by default. */
  readonly tightestAt?: number;
}

export interface HeavyComparison {
  readonly value: number;
  /** Null where there is no bound on that side. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Values by arm. */
  readonly challenger: number;
  readonly control: number;
}

/**
 * The challenger's mean less the control's, with bounds that hold at every time at once: Δ̂ ± SE·b(N), where
 *
 *   b(N)² = 2(Nρ² + 1)/(Nρ²) · ln(1 + √(Nρ² + 1)/(2α)),  ρ² = (−2 ln 2α + ln(1 − 2 ln 2α))/N*
 *
 * and steps are weighted by nm/(n + m), which sum up to N. Each bound is ever wrong with probability alpha,
 * **in the limit** of many values (an asymptotic confidence sequence, I. Waudby-Smith and others, arXiv
 * 2103.06476, one-sided); hence the minimum. Towards the longer tail, where a mean of few values errs, the
 * bound is moved out by SE·γ(1 + 2b²)/6 with γ the skewness of Δ̂ (N. Johnson, JASA 73, 1978), where both
 * arms are taken to be as skewed as the one that shows more of it. The result does not depend on the order of values within a step, nor on when one looks. Null with fewer values than
 * the minimum in either arm. One value per unit, or values that do not depend on one another.
 *
 * For a ratio of geometric means, give moments of logarithms and take the exponential of what comes out.
 *
 * @throws HarnessError `usage` for an alpha not between 0 and 0.5, or another option that is not positive.
 */
export function compareMeans(steps: readonly ArmMoments[], question: HeavyQuestion): HeavyComparison | null {
  const pooled = poolSteps(steps, question);
  if (pooled === null) return null;
  const { weight, above, below, challenger, control } = pooled;
  const value = (above.mean - below.mean) / weight;
  const error = Math.sqrt(above.second + below.second) / weight;
  const reach = reachOf(pooled, 1);
  const [lower, upper] = [value - reach.down * error, value + reach.up * error];
  return { value, lower, upper, challenger, control };
}

/**
 * The same for the ratio of the means, challenger to control: the ratios R for which the mean of x − R·y
 * keeps its bounds (E. Fieller, 1954), so that nothing is divided by a mean that chance may have made
 * small. A bound is null where the control's mean is not told from 0; all is null where it is not positive.
 *
 * @throws HarnessError `usage` as `compareMeans`.
 */
export function compareRatio(steps: readonly ArmMoments[], question: HeavyQuestion): HeavyComparison | null {
  const pooled = poolSteps(steps, question);
  if (pooled === null || pooled.below.mean <= 0) return null;
  const { above, below, challenger, control } = pooled;
  const value = above.mean / below.mean;
  const reach = reachOf(pooled, value);
  const lower = ratioAt(pooled, reach.down, -1);
  return { value, lower, upper: ratioAt(pooled, reach.up, 1), challenger, control };
}

/** Both of the weighted sum of an arm's means over the steps: its mean, and its next two cumulants. */
interface ArmSum {
  readonly mean: number;
  readonly second: number;
  readonly third: number;
}

interface Step {
  readonly share: number;
  readonly skewness: number;
}

interface Pooled {
  readonly weight: number;
  readonly above: ArmSum;
  readonly below: ArmSum;
  readonly reach: number;
  readonly challenger: number;
  readonly control: number;
}

function poolSteps(steps: readonly ArmMoments[], question: HeavyQuestion): Pooled | null {
  const { alpha, minimum = 100, tightestAt = 250 } = question;
  if (!(minimum > 0 && tightestAt > 0)) {
    throw new HarnessError(
      "usage",
      `A minimum of ${minimum} values and bounds tightest at ${tightestAt} cannot be; give numbers above 0.`,
    );
  }
  probability(2 * alpha);
  let [weight, challenger, control] = [0, 0, 0];
  const skewness = largerSkewness(steps);
  const none: ArmSum = { mean: 0, second: 0, third: 0 };
  let [above, below] = [none, none];
  for (const step of steps) {
    const [n, m] = [step.challenger.count, step.control.count];
    challenger += n;
    control += m;
    const share = (n * m) / (n + m);
    // An arm with a single value says nothing of its error; steps are left out by their counts alone.
    if (n < 2 || m < 2) continue;
    weight += share;
    above = weighted(above, step.challenger, { share, skewness });
    below = weighted(below, step.control, { share, skewness });
  }
  if (challenger < minimum || control < minimum || weight === 0) return null;
  return { weight, above, below, reach: asymptoticReach(weight, { alpha, tightestAt }), challenger, control };
}

/**
 * Of the arm that shows more of it: a few values of a long tail seldom have the ones that make it long, and
 * a challenger changes how large values are more than how they are spread.
 */
function largerSkewness(steps: readonly ArmMoments[]): number {
  const ours = skewnessWithin(steps.map(({ challenger }) => challenger));
  const theirs = skewnessWithin(steps.map(({ control }) => control));
  return Math.abs(ours) > Math.abs(theirs) ? ours : theirs;
}

function weighted(sum: ArmSum, moments: Moments, { share, skewness }: Step): ArmSum {
  const variance = meanVariance(moments) ?? 0;
  return {
    mean: sum.mean + share * moments.mean,
    second: sum.second + share ** 2 * variance,
    third: sum.third + (share ** 3 * variance ** 1.5 * skewness) / Math.sqrt(moments.count),
  };
}

/** Standard errors that the truth may lie above and below the estimate of x − `ratio`·y. */
function reachOf(
  { above, below, reach }: Pooled,
  ratio: number,
): { readonly up: number; readonly down: number } {
  const variance = above.second + ratio ** 2 * below.second;
  const skewness = variance === 0 ? 0 : (above.third - ratio ** 3 * below.third) / variance ** 1.5;
  const shift = (skewness * (1 + 2 * reach ** 2)) / 6;
  return { up: reach + Math.max(0, shift), down: reach + Math.max(0, -shift) };
}

/** The ratio at which the estimate of x − R·y is that many standard errors from 0, on one side. */
function ratioAt({ above, below }: Pooled, reach: number, side: 1 | -1): number | null {
  const square = reach ** 2;
  const divisor = below.mean ** 2 - square * below.second;
  if (divisor <= 0) return null;
  const product = above.mean * below.mean;
  const inside = product ** 2 - divisor * (above.mean ** 2 - square * above.second);
  return (product + side * Math.sqrt(Math.max(0, inside))) / divisor;
}

/**
 * Standard errors that a mean may at any time lie off on one side, with probability alpha at most ever:
 * b(N) of `compareMeans`.
 *
 * @throws HarnessError `usage` for an alpha that is not between 0 and 0.5.
 */
export function asymptoticReach(
  weight: number,
  { alpha, tightestAt }: { readonly alpha: number; readonly tightestAt: number },
): number {
  const scale = -2 * Math.log(probability(2 * alpha));
  const time = (weight * (scale + Math.log1p(scale))) / tightestAt;
  return Math.sqrt(((2 * (time + 1)) / time) * Math.log1p(Math.sqrt(time + 1) / (2 * alpha)));
}
