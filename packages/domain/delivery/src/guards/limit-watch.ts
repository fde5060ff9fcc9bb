/** Holds the challenger's own mean against a hard limit, anew in each state and step. */
import type { LimitGuard } from "@colophon/kernel";
import type { GuardFold, GuardObservation, Standing } from "./guard-observation.ts";

/** Every observation counts, of whichever unit: a limit is a breaker, not a test. */
export class LimitWatch implements GuardFold {
  readonly #guard: LimitGuard;
  readonly #stages = new Map<number, { count: number; sum: number }>();

  constructor(guard: LimitGuard) {
    this.#guard = guard;
  }

  observe({ arm, value, stage }: GuardObservation): void {
    if (arm !== "challenger") return;
    const sums = this.#stages.get(stage) ?? { count: 0, sum: 0 };
    this.#stages.set(stage, sums);
    sums.count += 1;
    sums.sum += value;
  }

  standing(stage: number): Standing {
    const { direction, limit, minimum } = this.#guard;
    const { count, sum } = this.#stages.get(stage) ?? { count: 0, sum: 0 };
    const mean = count === 0 ? null : sum / count;
    const beyond = mean !== null && (direction === "above" ? mean > limit : mean < limit);
    const state = mean === null ? "no-data" : beyond && count >= minimum ? "fired" : "watching";
    return { state, evidence: mean, limit, challenger: mean, control: null, units: count };
  }
}
