/** Compares how often units of the challenger and of the control go bad, one observation for each unit. */
import type { ComparisonGuard } from "@colophon/kernel";
import {
  addBadness,
  addBadUnit,
  type BinaryGuard,
  type EValue,
  type LevelGuard,
  startBinaryGuard,
  startLevelGuard,
} from "@colophon/methods";
import { ArmCoverage } from "./arm-coverage.ts";
import {
  type ComparisonLevels,
  eValueOf,
  type GuardFold,
  type GuardObservation,
  type Standing,
} from "./guard-observation.ts";
import { UnitFlags } from "./unit-table.ts";

const BAD = 1;
const SEEN = { challenger: 2, control: 4 } as const;
/** A challenger that is known of less often than so, beside the control, is not known to be without bad units. */
const COVERED = 0.8;

interface Count {
  challenger: number;
  control: number;
}

/**
 * Observations of one source, in their order. A unit counts as bad once, at its first bad event. Since the
 * draw of a unit has nothing to do with its other fortunes, the chance that the next one to go bad is the
 * challenger's is the share that was drawn, where both do alike: of new units, of those that come again, and
 * of heavy users. Of that alone a rollback is argued. Where the challenger does worse its units are used up
 * sooner, which would make it look better in the end; so a promotion is argued of the units that are left.
 * Where good units of one arm are known of less often than they were drawn, neither is argued of those missing.
 */
class EventStream {
  readonly #flags = new UnitFlags();
  readonly units: Count = { challenger: 0, control: 0 };
  readonly bad: Count = { challenger: 0, control: 0 };
  /** Of units that were good at first: where only bad ones are ever said, that one arm has more is the finding. */
  readonly #coverage = new ArmCoverage();
  rollback: BinaryGuard;
  promotion: BinaryGuard;
  /** Of first observations of the challenger's units; null where nothing is negligible. */
  negligible: LevelGuard | null;

  constructor({ tolerated, acceptable, negligible }: ComparisonGuard) {
    this.rollback = startBinaryGuard({ side: "rollback", ratio: tolerated });
    this.promotion = startBinaryGuard({ side: "promotion", ratio: acceptable });
    // To show that the bad share is low is to show that the good one is above the rest.
    this.negligible =
      negligible === undefined || negligible >= 1
        ? null
        : startLevelGuard({ level: 1 - negligible, standing: false });
  }

  observe({ unit, arm, planned }: GuardObservation, isBad: boolean): void {
    const before = this.#flags.get(unit);
    if (before === 0 && !isBad) this.#coverage.add({ arm, planned });
    if ((before & SEEN[arm]) === 0) {
      this.units[arm] += 1;
      if (arm === "challenger" && this.negligible !== null)
        this.negligible = addBadness(this.negligible, isBad ? 0 : 1);
    }
    const goesBad = isBad && (before & BAD) === 0;
    this.#flags.set(unit, before | SEEN[arm] | (goesBad ? BAD : 0));
    // A share that rules the arm out was not what it was drawn by: nothing can be said of such a unit.
    if (!goesBad || planned === (arm === "challenger" ? 0 : 1)) return;
    const known = this.#coverage.shareOf(planned);
    const left = Math.min(planned, this.#shareLeft(Math.min(planned, known)));
    this.bad[arm] += 1;
    this.rollback = addBadUnit(this.rollback, { arm, share: Math.max(planned, known) });
    this.promotion = addBadUnit(this.promotion, { arm, share: left });
  }

  get isCovered(): boolean {
    return this.#coverage.ratio >= COVERED;
  }

  /** The challenger's share of units that have not gone bad yet. */
  #shareLeft(planned: number): number {
    const [ours, theirs] = [
      this.#unspoilt("challenger") * planned,
      this.#unspoilt("control") * (1 - planned),
    ];
    return ours > 0 && theirs > 0 ? ours / (ours + theirs) : planned;
  }

  #unspoilt(arm: keyof Count): number {
    const units = this.units[arm];
    return units === 0 ? 1 : 1 - this.bad[arm] / units;
  }
}

/**
 * Rows and outcomes are two streams, since nobody orders them among each other: a row's event is either said
 * by the row or, where that is silent, by an outcome, so their evidence multiplies.
 */
export class EventComparison implements GuardFold {
  readonly #guard: ComparisonGuard;
  readonly #worse: "higher" | "lower";
  readonly #levels: ComparisonLevels;
  readonly #streams: Readonly<Record<GuardObservation["from"], EventStream>>;

  constructor(guard: ComparisonGuard, worse: "higher" | "lower", levels: ComparisonLevels) {
    this.#guard = guard;
    this.#worse = worse;
    this.#levels = levels;
    this.#streams = { row: new EventStream(guard), outcome: new EventStream(guard) };
  }

  observe(observation: GuardObservation): void {
    const happened = observation.value === 1;
    const isBad = this.#worse === "higher" ? happened : !happened;
    this.#streams[observation.from].observe(observation, isBad);
  }

  standing(): Standing {
    const { row, outcome } = this.#streams;
    const { alpha, promotionAlpha } = this.#levels;
    const fires = 1 / alpha;
    const challenger = this.#share("challenger");
    const control = this.#share("control");
    const rollback = together(row.rollback.eValue, outcome.rollback.eValue);
    const units = row.units.challenger + outcome.units.challenger;
    const known = challenger !== null && control !== null;
    const state =
      rollback >= Math.log(fires)
        ? "fired"
        : known && this.#isCleared(promotionAlpha)
          ? "cleared"
          : known
            ? "watching"
            : "no-data";
    const evidence = known || state === "fired" ? eValueOf(rollback) : null;
    return { state, evidence, limit: fires, challenger, control, units };
  }

  /** Better than acceptable, or so rare that the ratio does not matter: two ways share one error rate. */
  #isCleared(alpha: number): boolean {
    const { row, outcome } = this.#streams;
    const several = this.#guard.negligible !== undefined;
    const needed = -Math.log(several ? alpha / 2 : alpha);
    if (together(row.promotion.eValue, outcome.promotion.eValue) >= needed) return true;
    if (row.negligible === null || outcome.negligible === null) return false;
    if (!row.isCovered || !outcome.isCovered) return false;
    return together(row.negligible.eValue, outcome.negligible.eValue) >= needed;
  }

  /** The metric's own share of units that were observed. */
  #share(arm: GuardObservation["arm"]): number | null {
    const { row, outcome } = this.#streams;
    const units = row.units[arm] + outcome.units[arm];
    if (units === 0) return null;
    const bad = (row.bad[arm] + outcome.bad[arm]) / units;
    return this.#worse === "higher" ? bad : 1 - bad;
  }
}

/** Where only one stream has evidence its peak counts; the peak of a product would depend on their order. */
function together(one: EValue, other: EValue): number {
  if (other.log === 0 && other.peak === 0) return one.peak;
  return one.log === 0 && one.peak === 0 ? other.peak : one.log + other.log;
}
