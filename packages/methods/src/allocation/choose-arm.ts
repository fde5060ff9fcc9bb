/** Multi-objective Thompson sampling: one draw of the arm to serve. */
import type { Draws } from "../seeded-draws.ts";
import { type BetaCounts, drawShare } from "./beta-counts.ts";
import { drawWeights } from "./draw-gamma.ts";

/** What is known of an arm, objective by objective in the same order for all arms. */
export type ArmCounts = readonly BetaCounts[];

/**
 * Draws weights w from Dirichlet(concentrations) and a share μ̃ for each arm and objective from its
 * posterior, and gives the place of the arm with the greatest w · μ̃. That arm is always on the effective
 * front of the drawn shares, for any number of objectives, and an arm is drawn as often as weights ask
 * for it; there is no need to find the front.
 *
 * Per-objective posteriors as in Pareto Thompson sampling, the choice by drawn weights in place of its
 * uniform one.
 */
export function chooseArm(
  arms: readonly ArmCounts[],
  concentrations: readonly number[],
  random: Draws,
): number {
  const weights = drawWeights(concentrations, random);
  let [best, most] = [0, Number.NEGATIVE_INFINITY];
  for (let arm = 0; arm < arms.length; arm += 1) {
    const counts = arms[arm] as ArmCounts;
    let worth = 0;
    for (let at = 0; at < weights.length; at += 1) {
      worth += (weights[at] as number) * drawShare(counts[at] as BetaCounts, random);
    }
    if (worth > most) [best, most] = [arm, worth];
  }
  return best;
}
