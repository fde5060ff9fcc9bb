/** Compares the mean scores of two arms, at any time, whatever the level of both does meanwhile. */
import { HarnessError } from "@colophon/kernel";
import { type ArmShare, checkShare, type GuardSide } from "./arm-share.ts";
import { type EValue, grownBy, NO_EVIDENCE, unitValue } from "./e-value.ts";
import { evenPurses, type Purses, stakeAll } from "./purses.ts";

export interface ScoreObservation extends ArmShare {
  /** In [0, 1]; more is better. */
  readonly score: number;
}

export interface ScoreTotal {
  readonly units: number;
  readonly sum: number;
}

/** Plain data: as JSON and back it goes on with the same numbers. */
export interface ScoreGuard {
  readonly side: GuardSide;
  /** How far the challenger's mean may lie below the control's. */
  readonly margin: number;
  readonly challenger: ScoreTotal;
  readonly control: ScoreTotal;
  /** Squared distances of the scores from what was foreseen. */
  readonly squares: number;
  /** The contrasts D weighted by π(1 − π), and these weights, summed. */
  readonly contrasts: number;
  readonly weights: number;
  /** Of the bets, in the order of `EXCESSES`. */
  readonly purses: Purses;
  /** Against the hypothesis that the challenger loses at most (rollback) or at least (promotion) `margin`. */
  readonly eValue: EValue;
}

/** Differences beyond the margin that the guard bets on. */
const EXCESSES = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32];
/** The largest part of its wealth that a bet may risk on one observation. */
const MOST_AT_RISK = 0.5;

/**
 * Starts a guard over scores: `rollback` shows that the challenger's mean is more than `margin` below the
 * control's, `promotion` that it is less than `margin` below.
 *
 * @throws HarnessError `usage` for a margin outside of [0, 1).
 */
export function startScoreGuard({ side, margin }: Pick<ScoreGuard, "side" | "margin">): ScoreGuard {
  if (!(margin >= 0 && margin < 1)) {
    throw new HarnessError("usage", `${margin} is no margin of scores; give one from 0 to below 1.`);
  }
  const none = { units: 0, sum: 0 };
  const sums = { squares: 0, contrasts: 0, weights: 0 };
  const purses = evenPurses(EXCESSES.length);
  return { side, margin, challenger: none, control: none, ...sums, purses, eValue: NO_EVIDENCE };
}

/**
 * Takes the score of a unit. With π its share, c = 1 for the challenger's and m̂ the control's mean so far,
 *
 *   D = (c/π − (1 − c)/(1 − π))·(x − m̂)
 *
 * has the difference of both means as its mean, given the past, since the arm is drawn with that share. A
 * bet multiplies its wealth by 1 + λ(D − limit) with a λ from the past alone; the e-value is the mean over
 * six bets, each of the λ of Kelly for one difference. So the chance of ever passing 1/α is at most α where
 * the difference, at each time, is on the null's side, under continuous looks, ramps and any drift. That
 * takes **one observation per unit**, which is the caller's duty.
 *
 * The weighting is that of anytime-valid off-policy inference (I. Waudby-Smith and others, arXiv
 * 2210.10768), centred at m̂ so that it costs no power; the bets are those of arXiv 2010.09686.
 *
 * @throws HarnessError `usage` for a score or share outside of [0, 1], or a share that rules the arm out.
 */
export function addScoredUnit(guard: ScoreGuard, observation: ScoreObservation): ScoreGuard {
  checkShare(observation);
  const { arm, share } = observation;
  const score = unitValue(observation.score, "The score");
  const { side, margin, challenger, control } = guard;
  const isChallenger = arm === "challenger";
  const foreseen = (control.sum + 0.5) / (control.units + 1);
  const distance = score - foreseen;
  // Where only one arm could come, there is nothing to compare.
  const weight = share * (1 - share);
  const contrast = weight === 0 ? 0 : isChallenger ? distance / share : -distance / (1 - share);
  // A rollback bets on a loss, so on the contrast turned round.
  const gain = side === "rollback" ? -contrast - margin : contrast + margin;
  const bet =
    weight === 0
      ? { purses: guard.purses, logFactor: 0 }
      : stakeAll(guard.purses, stakesOf(guard, share, foreseen), gain);
  return {
    side,
    margin,
    challenger: isChallenger ? withScore(challenger, score) : challenger,
    control: isChallenger ? control : withScore(control, score),
    squares: guard.squares + distance ** 2,
    contrasts: guard.contrasts + weight * contrast,
    weights: guard.weights + weight,
    purses: bet.purses,
    eValue: grownBy(guard.eValue, bet.logFactor),
  };
}

function withScore({ units, sum }: ScoreTotal, score: number): ScoreTotal {
  return { units: units + 1, sum: sum + score };
}

/**
 * The challenger's mean score less the control's as the contrasts show it, which ramps and drift do not
 * bend; null before both arms have a unit.
 */
export function observedDifference({ challenger, control, contrasts, weights }: ScoreGuard): number | null {
  return challenger.units === 0 || control.units === 0 || weights === 0 ? null : contrasts / weights;
}

function stakesOf(guard: ScoreGuard, share: number, foreseen: number): readonly number[] {
  const { side, margin, challenger, control, squares } = guard;
  const spread = share * (1 - share);
  const variance = (squares + 0.25) / (challenger.units + control.units + 1);
  // The worst that one observation can do to a bet: a perfect challenger, or a control without any merit.
  const bad = side === "rollback" ? 1 - foreseen : foreseen;
  const worst = Math.max(bad / share, (1 - bad) / (1 - share)) + (side === "rollback" ? margin : -margin);
  return EXCESSES.map((excess) =>
    Math.min((spread * excess) / (variance + spread * excess ** 2), MOST_AT_RISK / worst),
  );
}
