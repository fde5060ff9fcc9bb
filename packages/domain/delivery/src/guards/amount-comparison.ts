/** Compares means of amounts without a bound, such as latency and cost, as a ratio; one observation for each unit. */
import type { ComparisonGuard } from "@colophon/kernel";
import {
  type ArmMoments,
  addToMoments,
  compareRatio,
  type Moments,
  mergeMoments,
  NO_VALUES,
} from "@colophon/methods";
import type { ComparisonLevels, GuardFold, GuardObservation, Standing } from "./guard-observation.ts";
import { UnitFlags } from "./unit-table.ts";

/** Until both arms have as many units as bounds for heavy tails need, it only watches. */
export class AmountComparison implements GuardFold {
  readonly #guard: ComparisonGuard;
  readonly #worse: "higher" | "lower";
  readonly #levels: ComparisonLevels;
  readonly #seen = new UnitFlags();
  /** By epoch: within one, whatever drifts meets both arms alike. */
  readonly #epochs = new Map<number, ArmMoments>();

  constructor(guard: ComparisonGuard, worse: "higher" | "lower", levels: ComparisonLevels) {
    this.#guard = guard;
    this.#worse = worse;
    this.#levels = levels;
  }

  observe({ unit, arm, value, epoch }: GuardObservation): void {
    if (this.#seen.get(unit) !== 0) return;
    this.#seen.set(unit, 1);
    const known = this.#epochs.get(epoch) ?? { challenger: NO_VALUES, control: NO_VALUES };
    this.#epochs.set(epoch, { ...known, [arm]: addToMoments(known[arm], value) });
  }

  standing(): Standing {
    const { tolerated, acceptable } = this.#guard;
    const { alpha, promotionAlpha } = this.#levels;
    const challenger = this.#total("challenger");
    const control = this.#total("control");
    const known = challenger.count > 0 && control.count > 0;
    const steps = [...this.#epochs.values()].map((step) => this.#turned(step));
    const lower = compareRatio(steps, { alpha })?.lower ?? null;
    const upper = compareRatio(steps, { alpha: promotionAlpha })?.upper ?? null;
    const state =
      lower !== null && lower > tolerated
        ? "fired"
        : upper !== null && upper < acceptable
          ? "cleared"
          : known
            ? "watching"
            : "no-data";
    return {
      state,
      evidence: lower,
      limit: tolerated,
      challenger: challenger.count === 0 ? null : challenger.mean,
      control: control.count === 0 ? null : control.mean,
      units: challenger.count,
    };
  }

  /** Where less is worse the ratio is the control's to the challenger's. */
  #turned({ challenger, control }: ArmMoments): ArmMoments {
    return this.#worse === "higher" ? { challenger, control } : { challenger: control, control: challenger };
  }

  #total(arm: GuardObservation["arm"]): Moments {
    let total = NO_VALUES;
    for (const step of this.#epochs.values()) total = mergeMoments(total, step[arm]);
    return total;
  }
}
