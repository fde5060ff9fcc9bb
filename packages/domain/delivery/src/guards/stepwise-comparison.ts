/** A comparison that begins anew with each step of the plan, so that units which come again count again. */
import type { ComparisonLevels, GuardFold, GuardObservation, Standing } from "./guard-observation.ts";

/**
 * Within a step both arms are made of the units that came in it, each once. Across steps a ramp makes
 * challengers of units that were seen as control, and never the other way round, so their values cannot be
 * pooled. What any step shows counts: the levels are split over the steps.
 */
export class StepwiseComparison implements GuardFold {
  readonly #levels: ComparisonLevels;
  readonly #start: (levels: ComparisonLevels) => GuardFold;
  readonly #steps = new Map<number, GuardFold>();

  constructor(
    { alpha, promotionAlpha, steps }: ComparisonLevels & { readonly steps: number },
    start: (levels: ComparisonLevels) => GuardFold,
  ) {
    const parts = Math.max(1, steps);
    this.#levels = { alpha: alpha / parts, promotionAlpha: promotionAlpha / parts };
    this.#start = start;
  }

  observe(observation: GuardObservation): void {
    const known = this.#steps.get(observation.step);
    const fold = known ?? this.#start(this.#levels);
    if (known === undefined) this.#steps.set(observation.step, fold);
    fold.observe(observation);
  }

  /** The step that fired, else one that cleared, else the last that knows anything. */
  standing(stage: number): Standing {
    const steps = [...this.#steps].sort(([a], [b]) => a - b).map(([, fold]) => fold.standing(stage));
    const of = (state: Standing["state"]) => steps.findLast((one) => one.state === state);
    return (
      of("fired") ??
      of("cleared") ??
      of("watching") ??
      steps.at(-1) ??
      this.#start(this.#levels).standing(stage)
    );
  }
}
