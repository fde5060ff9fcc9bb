/** Bounds for the mean of scores in [0, 1] that hold at every time at once. */
import { HarnessError } from "@colophon/kernel";
import type { Bounds } from "../statistics/clustered-mean.ts";
import { probability } from "../statistics/distributions.ts";
import { unitValue } from "./e-value.ts";

/** Plain data: as JSON and back it goes on with the same numbers. */
export interface ScoreSequence {
  /** Of each bound. */
  readonly alpha: number;
  readonly scores: number;
  readonly sum: number;
  /** Squared distances of the scores from the mean with them, seeded as one of a half. */
  readonly squares: number;
  readonly stakes: number;
  readonly stakedSum: number;
  readonly penalty: number;
}

const LARGEST_STAKE = 0.5;

/** @throws HarnessError `usage` for an alpha that is no probability. */
export function startScoreSequence(alpha: number): ScoreSequence {
  probability(alpha);
  return { alpha, scores: 0, sum: 0, squares: 0, stakes: 0, stakedSum: 0, penalty: 0 };
}

/**
 * Takes one score. With λ_t = min(√(2 ln(1/α)/(σ̂²_{t−1} t ln(1 + t))), ½), μ̂ and σ̂² seeded with one score
 * of ½ and one square of ¼, it adds λ, λx and (x − μ̂_{t−1})²(−ln(1 − λ) − λ).
 *
 * I. Waudby-Smith and A. Ramdas, arXiv 2010.09686, theorem 2: the predictable plug-in of the empirical
 * Bernstein inequality.
 *
 * @throws HarnessError `usage` for a score outside of [0, 1].
 */
export function addScore(sequence: ScoreSequence, score: number): ScoreSequence {
  unitValue(score, "The score");
  const time = sequence.scores + 1;
  const mean = (sequence.sum + 0.5) / time;
  const variance = (sequence.squares + 0.25) / time;
  const stake = Math.min(
    Math.sqrt((-2 * Math.log(sequence.alpha)) / (variance * time * Math.log1p(time))),
    LARGEST_STAKE,
  );
  const sum = sequence.sum + score;
  return {
    alpha: sequence.alpha,
    scores: time,
    sum,
    squares: sequence.squares + (score - (sum + 0.5) / (time + 1)) ** 2,
    stakes: sequence.stakes + stake,
    stakedSum: sequence.stakedSum + stake * score,
    penalty: sequence.penalty + (score - mean) ** 2 * (-Math.log1p(-stake) - stake),
  };
}

/**
 * [Σλx ± (ln(1/α) + Σ penalty)]/Σλ within [0, 1]: each bound is ever wrong with probability alpha at most,
 * about the mean of the scores' means weighted by λ. For a mean that does not move, that is the mean. Bounds
 * of earlier times are not kept where they were tighter: a mean that moves leaves them behind.
 */
export function scoreBounds({ alpha, stakes, stakedSum, penalty }: ScoreSequence): Bounds {
  if (stakes === 0) return { lower: 0, upper: 1 };
  const reach = (penalty - Math.log(alpha)) / stakes;
  const centre = stakedSum / stakes;
  return { lower: Math.max(0, centre - reach), upper: Math.min(1, centre + reach) };
}

/**
 * What two sequences, each at α/2, show about a loss of more than `margin`: `harm`, `no-harm`, or `open`.
 * Each of the first two is ever claimed falsely with probability α at most, **while neither arm's mean
 * moves**: arms that grow at different speeds weight a drift that meets both differently. For decisions a
 * `ScoreGuard` is the better choice: it holds under any drift, and needs a third of the requests.
 *
 * @throws HarnessError `usage` for a margin outside of [0, 1).
 */
export function compareScores(
  challenger: ScoreSequence,
  control: ScoreSequence,
  margin: number,
): "harm" | "no-harm" | "open" {
  if (!(margin >= 0 && margin < 1)) {
    throw new HarnessError("usage", `${margin} is no margin of scores; give one from 0 to below 1.`);
  }
  const [ours, theirs] = [scoreBounds(challenger), scoreBounds(control)];
  if (theirs.lower - ours.upper > margin) return "harm";
  return theirs.upper - ours.lower < margin ? "no-harm" : "open";
}
