/** How much more often a metric is known of the challenger's units than of the control's, beside their shares. */
import type { GuardObservation } from "./guard-observation.ts";

/** Of each arm, in units weighed by the other's share: taken to have come as planned before any did. */
const FIRST_GUESS = 0.5;

/**
 * Shares say which arm a unit was drawn for, not whether its metric was ever said: a judge may sample one arm
 * more, one version may have no contract to be held against. What is missing of one arm must neither speak for
 * it nor against it. The estimate is that of Mantel and Haenszel, so that it stands while shares change.
 */
export class ArmCoverage {
  #challenger = FIRST_GUESS;
  #control = FIRST_GUESS;

  /** Counts a unit, once. */
  add({ arm, planned }: Pick<GuardObservation, "arm" | "planned">): void {
    if (arm === "challenger") this.#challenger += 1 - planned;
    else this.#control += planned;
  }

  /** 1 where both are known of as often as they were drawn. */
  get ratio(): number {
    return this.#challenger / this.#control;
  }

  /** The challenger's share of the units that are known of, where it was drawn with `planned`. */
  shareOf(planned: number): number {
    const [ours, theirs] = [planned * this.ratio, 1 - planned];
    return ours / (ours + theirs);
  }
}
