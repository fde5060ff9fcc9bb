/** Tells whether units arrive in the shares that the rollout gives them: the sample-ratio mismatch. */
import { HarnessError } from "@colophon/kernel";
import { chiSquareCdf } from "../statistics/distributions.ts";
import { type EValue, grownTo, NO_EVIDENCE } from "./e-value.ts";
import { logGamma } from "./log-gamma.ts";

/** Plain data: as JSON and back it goes on with the same numbers. */
export interface MismatchTest {
  /** How closely to the planned shares the alternative expects the true ones: more finds smaller shifts, later. */
  readonly concentration: number;
  /** The logarithm of the Bayes factor of the steps before this one. */
  readonly before: number;
  /** The planned shares of this step, which add up to 1. */
  readonly shares: readonly number[];
  /** The units assigned in this step, arm by arm. */
  readonly counts: readonly number[];
  readonly eValue: EValue;
}

/**
 * Starts a test of `shares`, arm by arm; they are brought to a sum of 1.
 *
 * @throws HarnessError `usage` for fewer than two shares, one that is not positive, or such a concentration.
 */
export function startMismatchTest(shares: readonly number[], concentration = 1000): MismatchTest {
  if (!(concentration > 0 && Number.isFinite(concentration))) {
    throw new HarnessError("usage", `${concentration} is no concentration; give a number above 0.`);
  }
  const planned = planOf(shares);
  return {
    concentration,
    before: 0,
    shares: planned,
    counts: planned.map(() => 0),
    eValue: NO_EVIDENCE,
  };
}

/**
 * Adds newly assigned units, arm by arm. With a = κθ the Bayes factor against the shares θ is
 *
 *   BF = Γ(κ)/Γ(κ + n) · Π_k Γ(a_k + n_k)/Γ(a_k) · θ_k^{−n_k}
 *
 * a test martingale where each unit is assigned with these shares: it ever passes 1/α with probability
 * alpha at most. Count each unit once. Depends only on the counts, not on their order; the peak is over the
 * moments at which counts were added.
 *
 * M. Lindon and A. Malek, arXiv 2011.03567.
 *
 * @throws HarnessError `usage` for counts of other arms, or that are no whole numbers from 0.
 */
export function addUnits(test: MismatchTest, counts: readonly number[]): MismatchTest {
  checkCounts(counts, test.shares);
  const sums = test.counts.map((count, at) => count + (counts[at] ?? 0));
  const log = test.before + logBayesFactor(sums, test.shares, test.concentration);
  return { ...test, counts: sums, eValue: grownTo(test.eValue, log) };
}

/**
 * Goes on with other shares: what was found so far multiplies what will be found.
 *
 * @throws HarnessError `usage` for another number of shares, or one that is not positive.
 */
export function nextMismatchStep(test: MismatchTest, shares: readonly number[]): MismatchTest {
  const planned = planOf(shares);
  if (planned.length !== test.shares.length) throw wrongArms(planned.length, test.shares.length);
  return { ...test, before: test.eValue.log, shares: planned, counts: planned.map(() => 0) };
}

/**
 * The p-value of a single look: χ² = Σ(O − E)²/E with one degree of freedom less than there are arms.
 * Looked at again and again it is no p-value; null without units.
 *
 * @throws HarnessError `usage` as `startMismatchTest` and `addUnits`.
 */
export function mismatchPValue(counts: readonly number[], shares: readonly number[]): number | null {
  const planned = planOf(shares);
  checkCounts(counts, planned);
  const units = counts.reduce((sum, count) => sum + count, 0);
  if (units === 0) return null;
  const statistic = planned.reduce((sum, share, at) => {
    const expected = share * units;
    return sum + ((counts[at] ?? 0) - expected) ** 2 / expected;
  }, 0);
  return 1 - chiSquareCdf(statistic, planned.length - 1);
}

function logBayesFactor(counts: readonly number[], shares: readonly number[], concentration: number): number {
  const units = counts.reduce((sum, count) => sum + count, 0);
  return shares.reduce(
    (log, share, at) => {
      const [count, prior] = [counts[at] ?? 0, concentration * share];
      return log + logGamma(prior + count) - logGamma(prior) - count * Math.log(share);
    },
    logGamma(concentration) - logGamma(concentration + units),
  );
}

function planOf(shares: readonly number[]): readonly number[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.length < 2 || !shares.every((share) => share > 0) || !Number.isFinite(sum)) {
    throw new HarnessError(
      "usage",
      `The shares ${shares.join(", ")} cannot be compared; give two or more, each above 0.`,
    );
  }
  return shares.map((share) => share / sum);
}

function checkCounts(counts: readonly number[], shares: readonly number[]): void {
  if (counts.length !== shares.length) throw wrongArms(counts.length, shares.length);
  const bad = counts.find((count) => !(Number.isSafeInteger(count) && count >= 0));
  if (bad === undefined) return;
  throw new HarnessError("usage", `${bad} is no number of units; give whole numbers from 0.`);
}

function wrongArms(given: number, arms: number): HarnessError {
  return new HarnessError("usage", `${given} numbers for ${arms} arms cannot be; give one for each arm.`);
}
