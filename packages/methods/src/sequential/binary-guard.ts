/** Compares how often units of two arms go bad, at any time, whatever the base rate does meanwhile. */
import { HarnessError } from "@colophon/kernel";
import { type ArmShare, checkShare, type GuardSide } from "./arm-share.ts";
import { type EValue, grownBy, NO_EVIDENCE } from "./e-value.ts";

/** Plain data: as JSON and back it goes on with the same numbers. */
export interface BinaryGuard {
  readonly side: GuardSide;
  /** The ratio of the challenger's rate of bad units to the control's that the guard holds against. */
  readonly ratio: number;
  /** Bad units by arm. */
  readonly challenger: number;
  readonly control: number;
  /** The same, weighted by the other arm's share: their quotient is the ratio of Mantel and Haenszel. */
  readonly challengerWeight: number;
  readonly controlWeight: number;
  /** Against the hypothesis that the ratio is at most (rollback) or at least (promotion) `ratio`. */
  readonly eValue: EValue;
}

/** Bad units that the first guess of the ratio counts for. */
const GUESS = { rollback: { times: 1.5, units: 16 }, promotion: { times: 1, units: 200 } } as const;

/**
 * Starts a guard over a binary badness (schema failure, thumbs-down, refusal, retry): `rollback` shows
 * that the challenger's rate is above `ratio` times the control's, `promotion` that it is below.
 *
 * @throws HarnessError `usage` for a ratio that is not positive.
 */
export function startBinaryGuard({ side, ratio }: Pick<BinaryGuard, "side" | "ratio">): BinaryGuard {
  if (!(ratio > 0 && Number.isFinite(ratio))) {
    throw new HarnessError("usage", `${ratio} is no ratio of two rates; give a number above 0, such as 1.`);
  }
  return {
    side,
    ratio,
    challenger: 0,
    control: 0,
    challengerWeight: 0,
    controlWeight: 0,
    eValue: NO_EVIDENCE,
  };
}

/**
 * Counts a unit that went bad for the first time. With π its share, c = 1 for the challenger's and
 * q₀ = πR/(πR + 1 − π), the e-value is multiplied by
 *
 *   c·q̂/q₀ + (1 − c)(1 − q̂)/(1 − q₀)
 *
 * where q̂, never on the null's side of q₀, belongs to the ratio r̂ that the past suggests. Given that some
 * unit goes bad now, it is the challenger's with probability q₀ at most (rollback) or at least (promotion):
 * the base rate cancels, so the chance of ever passing 1/α is at most α under continuous looks, ramps and
 * any drift that meets both arms. That takes **one observation per unit**, which is the caller's duty:
 * units that are counted again and again go bad together and break the bound.
 *
 * The conditional count is of M. Lindon and A. Malek, arXiv 2011.03567. r̂ is the ratio of Mantel and
 * Haenszel over the past, seeded with some units at 1.5·R (rollback) or 1 (promotion): for a steady share
 * that makes q̂ the past share of bad units, and it stays an estimate of the ratio when shares change.
 *
 * @throws HarnessError `usage` for a share outside of [0, 1], or one that rules the unit's arm out.
 */
export function addBadUnit(guard: BinaryGuard, { arm, share }: ArmShare): BinaryGuard {
  checkShare({ arm, share });
  const isChallenger = arm === "challenger";
  const held = shareAt(guard.ratio, share);
  const bet = guessedShare(guard, share);
  // Where only one arm could go bad, that it did says nothing.
  const factor =
    share === 0 || share === 1 ? 0 : isChallenger ? Math.log(bet / held) : Math.log((1 - bet) / (1 - held));
  return {
    ...guard,
    challenger: guard.challenger + (isChallenger ? 1 : 0),
    control: guard.control + (isChallenger ? 0 : 1),
    challengerWeight: guard.challengerWeight + (isChallenger ? 1 - share : 0),
    controlWeight: guard.controlWeight + (isChallenger ? 0 : share),
    eValue: grownBy(guard.eValue, factor),
  };
}

/** The ratio of the challenger's rate to the control's so far; null before there is a bad unit of the control. */
export function observedRatio({ challengerWeight, controlWeight }: BinaryGuard): number | null {
  return controlWeight > 0 ? challengerWeight / controlWeight : null;
}

/** The chance that a bad unit is the challenger's where its rate is `ratio` times the control's. */
function shareAt(ratio: number, share: number): number {
  return (share * ratio) / (share * ratio + 1 - share);
}

function guessedShare({ side, ratio, challengerWeight, controlWeight }: BinaryGuard, share: number): number {
  const { times, units } = GUESS[side];
  const first = shareAt(side === "rollback" ? times * ratio : times, share);
  const guess =
    (challengerWeight + units * first * (1 - share)) / (controlWeight + units * (1 - first) * share);
  return shareAt(side === "rollback" ? Math.max(ratio, guess) : Math.min(ratio, guess), share);
}
