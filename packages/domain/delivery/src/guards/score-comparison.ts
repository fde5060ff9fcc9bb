/** Compares the mean scores of the challenger's units and the control's, one observation for each unit. */
import type { ComparisonGuard } from "@colophon/kernel";
import { addScoredUnit, rejects, type ScoreGuard, startScoreGuard } from "@colophon/methods";
import { ArmCoverage } from "./arm-coverage.ts";
import {
  type ComparisonLevels,
  eValueOf,
  type GuardFold,
  type GuardObservation,
  type Standing,
} from "./guard-observation.ts";
import { UnitFlags } from "./unit-table.ts";

export class ScoreComparison implements GuardFold {
  readonly #worse: "higher" | "lower";
  readonly #levels: ComparisonLevels;
  readonly #seen = new UnitFlags();
  readonly #coverage = new ArmCoverage();
  #rollback: ScoreGuard;
  #promotion: ScoreGuard;

  constructor(guard: ComparisonGuard, worse: "higher" | "lower", levels: ComparisonLevels) {
    this.#worse = worse;
    this.#levels = levels;
    this.#rollback = startScoreGuard({ side: "rollback", margin: guard.tolerated });
    this.#promotion = startScoreGuard({ side: "promotion", margin: guard.acceptable });
  }

  observe({ unit, arm, planned, value }: GuardObservation): void {
    if (this.#seen.get(unit) !== 0 || planned === (arm === "challenger" ? 0 : 1)) return;
    this.#seen.set(unit, 1);
    const score = this.#worse === "lower" ? value : 1 - value;
    // By the units before, so that the share was known before the arm: that of those drawn, or of those scored.
    const known = this.#coverage.shareOf(planned);
    this.#coverage.add({ arm, planned });
    this.#rollback = addScoredUnit(this.#rollback, { arm, share: Math.max(planned, known), score });
    this.#promotion = addScoredUnit(this.#promotion, { arm, share: Math.min(planned, known), score });
  }

  standing(): Standing {
    const { alpha, promotionAlpha } = this.#levels;
    const challenger = this.#mean("challenger");
    const control = this.#mean("control");
    const known = challenger !== null && control !== null;
    const state = rejects(this.#rollback.eValue, alpha)
      ? "fired"
      : known && rejects(this.#promotion.eValue, promotionAlpha)
        ? "cleared"
        : known
          ? "watching"
          : "no-data";
    const evidence = known || state === "fired" ? eValueOf(this.#rollback.eValue.peak) : null;
    const { units } = this.#rollback.challenger;
    return { state, evidence, limit: 1 / alpha, challenger, control, units };
  }

  #mean(arm: GuardObservation["arm"]): number | null {
    const { units, sum } = this.#rollback[arm];
    if (units === 0) return null;
    return this.#worse === "lower" ? sum / units : 1 - sum / units;
  }
}
