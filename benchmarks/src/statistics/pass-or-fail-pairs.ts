/** Pairs of pass and fail with known chances, summed over all outcomes instead of drawn. */
import type { ScoreLine } from "@colophon/evaluation";
import { binomialMass } from "@colophon/methods";

/** `change` is the true difference, `differing` the share of pairs that differ; the rest of a pair is level. */
export interface PairChances {
  readonly pairs: number;
  readonly change: number;
  readonly differing: number;
}

/** Outcomes rarer than that are left out, and counted as passes: the sum errs on the safe side. */
const NEGLIGIBLE = 1e-10;

/**
 * The probability of an outcome that `passes`. A rule that passes some wins passes more wins as well, and
 * fewer losses: so for each number of losses only the fewest wins are looked for.
 */
export function chanceToPass(
  { pairs, change, differing }: PairChances,
  passes: (wins: number, losses: number) => boolean,
): number {
  const [win, loss] = [(differing + change) / 2, (differing - change) / 2];
  let chance = 0;
  let fewest = 0;
  for (let losses = 0; losses <= pairs; losses += 1) {
    const mass = binomialMass(losses, pairs, loss);
    if (mass < NEGLIGIBLE) {
      chance += mass;
      continue;
    }
    const rest = pairs - losses;
    const share = Math.min(1, win / (1 - loss));
    const most = likelyMost(rest, share);
    while (fewest <= Math.min(most, rest) && !passes(fewest, losses)) fewest += 1;
    for (let wins = fewest; wins <= rest; wins += 1) chance += mass * binomialMass(wins, rest, share);
  }
  return chance;
}

/** Wins beyond which there is next to no chance. */
function likelyMost(of: number, share: number): number {
  return Math.ceil(of * share + 8 * Math.sqrt(of * share * (1 - share)) + 8);
}

/** Score lines of both sides with that many wins and losses; level cases pass. */
export function pairLines(pairs: number, wins: number, losses: number): readonly (readonly ScoreLine[])[] {
  const lines = (passes: (at: number) => boolean): readonly ScoreLine[] =>
    Array.from({ length: pairs }, (_, at) => ({
      case: `case ${at}`,
      cluster: null,
      repeat: 0,
      score: passes(at) ? 1 : 0,
      slice: [],
    }));
  return [lines((at) => at >= wins), lines((at) => at < wins || at >= wins + losses)];
}
