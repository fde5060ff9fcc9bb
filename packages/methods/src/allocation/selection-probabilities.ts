/** How often multi-objective Thompson sampling draws each arm: what a snapshot is given to draw by. */
import { HarnessError } from "@colophon/kernel";
import type { Draws } from "../seeded-draws.ts";
import { type ArmCounts, chooseArm } from "./choose-arm.ts";

export interface SelectionOptions {
  /** Of the Dirichlet distribution of the weights, one for each objective, 1 or more. */
  readonly concentrations: readonly number[];
  readonly random: Draws;
  /** 10,000 when left out: a standard error of half a point at most. */
  readonly draws?: number;
}

/**
 * How often `chooseArm` draws each arm, as shares that add up to 1; null for no arms. The same seed gives
 * the same shares.
 *
 * @throws HarnessError `usage` for fewer than 1,000 draws, a concentration below 1, or arms that do not
 * have counts for each objective.
 */
export function selectionProbabilities(
  arms: readonly ArmCounts[],
  { concentrations, random, draws = 10_000 }: SelectionOptions,
): readonly number[] | null {
  if (arms.length === 0) return null;
  if (!(Number.isInteger(draws) && draws >= 1000)) {
    throw new HarnessError("usage", `${draws} draws are too few for probabilities; give 1000 or more.`);
  }
  const bad = concentrations.find((value) => !(value >= 1 && Number.isFinite(value)));
  if (bad !== undefined || concentrations.length === 0) {
    throw new HarnessError(
      "usage",
      `The weights cannot be drawn with ${bad ?? "no objective"}; give each objective a number from 1 up.`,
    );
  }
  const odd = arms.find((counts) => counts.length !== concentrations.length);
  if (odd !== undefined) {
    throw new HarnessError(
      "usage",
      `An arm has counts for ${odd.length} of ${concentrations.length} objectives; give them all, without values as 0.`,
    );
  }
  const chosen = arms.map(() => 0);
  for (let draw = 0; draw < draws; draw += 1) {
    const arm = chooseArm(arms, concentrations, random);
    chosen[arm] = (chosen[arm] as number) + 1;
  }
  return chosen.map((times) => times / draws);
}

/**
 * Gives each arm at least `floor`: floor + (1 − K·floor)·p over K arms, so that no arm's evidence runs dry
 * and none has probability 0, which estimates for other policies could not undo.
 *
 * @throws HarnessError `usage` for a floor that K arms cannot all have.
 */
export function withFloor(probabilities: readonly number[], floor: number): readonly number[] {
  const rest = 1 - probabilities.length * floor;
  if (!(floor >= 0 && rest >= 0)) {
    throw new HarnessError(
      "usage",
      `${probabilities.length} arms cannot each have ${floor}; give a floor from 0 to ${1 / probabilities.length}.`,
    );
  }
  return probabilities.map((share) => floor + rest * share);
}
