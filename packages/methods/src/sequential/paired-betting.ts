/** Compares a challenger with the live version on the same inputs, pair by pair, at any time. */
import { HarnessError } from "@colophon/kernel";
import { probability } from "../statistics/distributions.ts";
import { type EValue, grownBy, NO_EVIDENCE, rejects } from "./e-value.ts";

export type PairedVerdict = "ship" | "block" | "inconclusive";

/** Plain data: as JSON and back it goes on with the same numbers. */
export interface PairedBetting {
  /** How far the challenger's mean may lie below the live version's. */
  readonly margin: number;
  /** Of each verdict. */
  readonly alpha: number;
  readonly stakes: "kelly" | "plug-in";
  readonly pairs: number;
  /** Of the differences. */
  readonly sum: number;
  /** Squared distances of x = (1 + d)/2 from its mean with it. */
  readonly squares: number;
  /** Against the hypothesis that the challenger loses `margin` or more. */
  readonly ship: EValue;
  /** Against the hypothesis that it loses `margin` at most. */
  readonly block: EValue;
  /** What was shown first, and stands. */
  readonly verdict: PairedVerdict;
}

/** The largest part of its wealth that a bet may risk on one pair. */
const MOST_AT_RISK = 0.5;

/** @throws HarnessError `usage` for a margin outside of [0, 1), or an alpha that is no probability. */
export function startPairedBetting(
  question: Pick<PairedBetting, "margin" | "alpha"> & { readonly stakes?: PairedBetting["stakes"] },
): PairedBetting {
  const { margin, alpha, stakes = "kelly" } = question;
  if (!(margin >= 0 && margin < 1)) {
    throw new HarnessError("usage", `${margin} is no margin of scores; give one from 0 to below 1.`);
  }
  const none = { ship: NO_EVIDENCE, block: NO_EVIDENCE, verdict: "inconclusive" } as const;
  return { margin, alpha: probability(alpha), stakes, pairs: 0, sum: 0, squares: 0, ...none };
}

/**
 * Takes the difference d in [−1, 1] of one pair, challenger less live. With x = (1 + d)/2 and
 * m = (1 − margin)/2 one purse is multiplied by 1 + λ(x − m), the other by 1 − λ(x − m), each with a λ ≥ 0
 * from the past alone that never risks more than half of it:
 *
 *   kelly    λ = ±(μ̂ − m)/(σ̂² + (μ̂ − m)²), the approximate growth-optimal stake
 *   plug-in  λ = √(2 ln(1/α)/(t ln(1 + t) σ̂²))
 *
 * μ̂ and σ̂² are seeded with one x of ½ and one square of ¼. The first to reach 1/α decides: each verdict is
 * ever false with probability alpha at most. Neither is `inconclusive`. Pairs must be independent, or at
 * least no pair's difference foreseeable from those before: one pair per unit.
 *
 * I. Waudby-Smith and A. Ramdas, arXiv 2010.09686, sections 4 and B; their package `confseq`.
 *
 * @throws HarnessError `usage` for a difference outside of [−1, 1].
 */
export function addPair(betting: PairedBetting, difference: number): PairedBetting {
  if (!(difference >= -1 && difference <= 1)) {
    throw new HarnessError("usage", `${difference} is no difference of two scores; give one from -1 to 1.`);
  }
  const time = betting.pairs + 1;
  const level = (1 - betting.margin) / 2;
  const gap = (1 + difference) / 2 - level;
  const [up, down] = stakesOf(betting, level);
  const sum = betting.sum + difference;
  const meanWithIt = ((time + sum) / 2 + 0.5) / (time + 1);
  const ship = grownBy(betting.ship, Math.log1p(up * gap));
  const block = grownBy(betting.block, Math.log1p(-down * gap));
  return {
    ...betting,
    pairs: time,
    sum,
    squares: betting.squares + ((1 + difference) / 2 - meanWithIt) ** 2,
    ship,
    block,
    verdict: betting.verdict === "inconclusive" ? shown(ship, block, betting.alpha) : betting.verdict,
  };
}

function shown(ship: EValue, block: EValue, alpha: number): PairedVerdict {
  if (rejects(block, alpha)) return "block";
  return rejects(ship, alpha) ? "ship" : "inconclusive";
}

function stakesOf(
  { alpha, stakes, pairs, sum, squares }: PairedBetting,
  level: number,
): readonly [number, number] {
  const time = pairs + 1;
  const variance = (squares + 0.25) / time;
  const lead = ((pairs + sum) / 2 + 0.5) / time - level;
  const kelly = lead / (variance + lead * lead);
  const plugIn = Math.sqrt((-2 * Math.log(alpha)) / (time * Math.log1p(time) * variance));
  const [up, down] = stakes === "kelly" ? [Math.max(0, kelly), Math.max(0, -kelly)] : [plugIn, plugIn];
  return [Math.min(up, MOST_AT_RISK / level), Math.min(down, MOST_AT_RISK / (1 - level))];
}
