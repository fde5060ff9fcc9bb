/** Holds the mean of one arm's badness against a known level, once or for as long as a version is live. */
import { HarnessError } from "@colophon/kernel";
import { type EValue, grownTo, NO_EVIDENCE, unitValue } from "./e-value.ts";
import { evenPurses, type Purses, stakeAll } from "./purses.ts";

/** Plain data: as JSON and back it goes on with the same numbers. */
export interface LevelGuard {
  /** The largest mean of badness that is tolerated, in (0, 1). */
  readonly level: number;
  /** Whether it forgets what spoke for the version, so that a later change is found as fast as an early one. */
  readonly standing: boolean;
  readonly observations: number;
  readonly sum: number;
  /** Of the bets, in the order of `stakesAgainst`. */
  readonly purses: Purses;
  /** The logarithm of what the next observation is bet with: standing, that is one more than there was. */
  readonly bankroll: number;
  readonly eValue: EValue;
}

/** Means, in multiples of the level, that the guard bets on; where there is no room above it, the rest in parts of it. */
const TIMES = [1.25, 1.5, 2, 3, 5];

/**
 * Starts a guard over a badness in [0, 1]: failures as 0 and 1, or 1 − score, of a level that is known
 * beforehand, such as the predecessor's recorded rate times what is tolerated. Where the level is itself
 * an estimate, give its upper confidence bound.
 *
 * Not standing, the guard is for one rollout: the chance that its e-value ever passes 1/α while each mean,
 * given the past, is at most the level, is at most α.
 *
 * Standing, it restarts itself all the time: it will raise a false alarm some day, and what is bounded is
 * the run length. Alarmed at N (`rejects(eValue, 1 / N)`), the expected number of observations until a false
 * alarm is at least N, so that N is chosen as observations per tolerated false alarm. After an alarm start
 * anew; do so too when body, model or fingerprint change.
 *
 * @throws HarnessError `usage` for a level that is not between 0 and 1.
 */
export function startLevelGuard({ level, standing }: Pick<LevelGuard, "level" | "standing">): LevelGuard {
  if (!(level > 0 && level < 1)) {
    throw new HarnessError(
      "usage",
      `${level} is no level of badness; give one between 0 and 1, such as 0.05.`,
    );
  }
  return {
    level,
    standing,
    observations: 0,
    sum: 0,
    purses: evenPurses(TIMES.length),
    bankroll: 0,
    eValue: NO_EVIDENCE,
  };
}

/**
 * Takes one observation of badness. Each bet's wealth is multiplied by 1 + λ(x − level), whose mean is at
 * most 1 where that of x is at most the level; the e-value is the mean over the bets.
 *
 * The bets are those of I. Waudby-Smith and A. Ramdas, arXiv 2010.09686, with fixed λ; for 0 and 1 each is
 * the likelihood ratio of 1.25, 1.5, 2, 3 or 5 times the level, or, where 1 − level leaves no room for that, of
 * 1 − level divided by as much: a level of 0.99 is beaten by means of 0.992 to 0.998. Standing, each is R ← (R + 1)·e, after
 * Shiryaev and Roberts: R less the number of observations is a supermartingale, hence the run length (J.
 * Shin and others, E-detectors, arXiv 2203.03532). The e-CUSUM, M ← max(M, 1)·e, is never above it and has
 * the same bound, so it alarms later for nothing.
 *
 * @throws HarnessError `usage` for a badness outside of [0, 1].
 */
export function addBadness(guard: LevelGuard, badness: number): LevelGuard {
  const gap = unitValue(badness, "The badness") - guard.level;
  const bet = stakeAll(guard.purses, stakesAgainst(guard.level), gap);
  const log = guard.bankroll + bet.logFactor;
  return {
    level: guard.level,
    standing: guard.standing,
    observations: guard.observations + 1,
    sum: guard.sum + badness,
    purses: guard.standing ? withNewcomers(bet.purses, log) : bet.purses,
    bankroll: guard.standing ? Math.max(log, 0) + Math.log1p(Math.exp(-Math.abs(log))) : log,
    eValue: grownTo(guard.eValue, log),
  };
}

/** A wealth of e^log in these purses, and 1 more spread evenly. */
function withNewcomers(purses: Purses, log: number): Purses {
  const before = 1 / (1 + Math.exp(-log));
  return purses.map((purse) => purse * before + (1 - before) / purses.length);
}

function stakesAgainst(level: number): readonly number[] {
  return TIMES.map((times) => Math.min((times - 1) / (1 - level), (1 - 1 / times) / level));
}
