/** Folds arriving rows and outcomes into the guards of a rollout; the same arrivals give the same readings. */
import {
  type Arrivals,
  type ArrivedOutcome,
  type CustomMetric,
  type EpochMs,
  type Execution,
  type ExecutionId,
  type GuardReading,
  HarnessError,
  type Revision,
  type RolloutEntry,
  type RolloutGuard,
  type RolloutPlan,
} from "@colophon/kernel";
import { challengersOf } from "../rollout/rollout-members.ts";
import type { RolloutSight, ShadowReading } from "../rollout/rollout-sight.ts";
import { AmountComparison } from "./amount-comparison.ts";
import { DrawnHistory, type DrawnRecord } from "./drawn-history.ts";
import { EventComparison } from "./event-comparison.ts";
import { FailingExecutions } from "./failing-executions.ts";
import type { ComparisonLevels, GuardFold, GuardObservation } from "./guard-observation.ts";
import { LimitWatch } from "./limit-watch.ts";
import { type CostOf, metricKind, outcomeValue, rowValue } from "./metric-values.ts";
import { ScoreComparison } from "./score-comparison.ts";
import { ShareWatch } from "./share-watch.ts";
import { StepUnits } from "./step-units.ts";
import { StepwiseComparison } from "./stepwise-comparison.ts";
import { UnitFlags, UnitTable } from "./unit-table.ts";

export interface RolloutGuardsParts {
  readonly plan: RolloutPlan;
  /** The rollout's records so far, oldest first; there is one at least. */
  readonly history: readonly RolloutEntry[];
  /** How many prompts move together: alpha is split over all their guards. */
  readonly members: number;
  readonly costOf: CostOf;
}

interface Guarded {
  readonly guard: RolloutGuard;
  readonly version: number;
  readonly fold: GuardFold;
}

/** A metric with the guards that watch it, of all challengers. */
interface Watched {
  readonly metric: string;
  readonly meaning: CustomMetric;
  readonly guards: readonly Guarded[];
}

/** A row of this rollout: which arm served which unit, by which record. */
interface Served {
  readonly drawn: DrawnRecord;
  readonly unit: number;
  /** The challenger that served; null for the control. */
  readonly version: number | null;
}

/**
 * Rows of the challengers and of everybody else who was drawn for: the concurrent control is all traffic
 * that the challengers could have had at that moment. Which record a row was drawn by says its snapshot's
 * revision, so neither the time of its arrival nor any clock does. Memory grows with the units that were seen.
 */
export class RolloutGuards {
  readonly #key: string;
  readonly #costOf: CostOf;
  readonly #history = new DrawnHistory();
  readonly #guards: readonly Guarded[];
  readonly #units = new UnitTable();
  readonly #shares = new ShareWatch();
  readonly #failing = new FailingExecutions();
  readonly #servedUnits = new UnitFlags();
  readonly #stepUnits = new StepUnits();
  readonly #watched: readonly Watched[];
  /** Rows of records that are not known yet, in their order. */
  #rows: Execution[] = [];
  #outcomes: ArrivedOutcome[] = [];
  #known: Revision = 0;
  #served = 0;
  #challengerAt: EpochMs | null = null;
  #controlAt: EpochMs | null = null;
  #currency: string | null = null;

  /** @throws HarnessError `usage` for a history without a record. */
  constructor({ plan, history, members, costOf }: RolloutGuardsParts) {
    const [first] = history;
    if (first === undefined) {
      throw new HarnessError("usage", "A rollout without a record has no guards: start it first.");
    }
    this.#key = first.key;
    this.#costOf = costOf;
    const versions = challengersOf(first);
    const alphas = guardAlphas(plan, versions.length * members);
    const steps = plan.steps.filter(({ share }) => share < 1).length;
    this.#guards = versions.flatMap((version) =>
      plan.guards.map((guard, at) => {
        const levels = { alpha: alphas[at] ?? 0, promotionAlpha: plan.promotionAlpha, steps };
        return { guard, version, fold: startGuard(guard, meaningOf(guard), levels) };
      }),
    );
    const metrics = new Map(plan.guards.map((guard) => [guard.metric, meaningOf(guard)]));
    this.#watched = [...metrics].map(([metric, meaning]) => {
      return { metric, meaning, guards: this.#guards.filter(({ guard }) => guard.metric === metric) };
    });
    this.follow(history, history.at(-1)?.revision ?? 0);
  }

  /**
   * Takes new records of the rollout, and the revision up to which the log was read for them: rows that were
   * drawn later wait until the records up to theirs are known.
   */
  follow(history: Iterable<RolloutEntry>, known: Revision): void {
    this.#history.add(history);
    this.#known = Math.max(this.#known, known);
    const [rows, outcomes] = [this.#rows, this.#outcomes];
    [this.#rows, this.#outcomes] = [[], []];
    this.fold({ executions: rows, outcomes });
  }

  /** Takes arrivals in their order, in pages of any size. Rows of other prompts and rollouts are left out. */
  fold({ executions, outcomes }: Pick<Arrivals, "executions" | "outcomes">): void {
    for (const row of executions) {
      if (this.#rows.length > 0 || (row.revision ?? 0) > this.#known) this.#rows.push(row);
      else this.#row(row);
    }
    for (const arrived of outcomes) {
      const later = (arrived.execution.revision ?? 0) > this.#known;
      if (this.#outcomes.length > 0 || later) this.#outcomes.push(arrived);
      else this.#outcome(arrived);
    }
  }

  /** Where everything stands. `readUntil` is now unless arrivals wait unread. */
  sight({
    readUntil,
    shadow = null,
  }: {
    readonly readUntil: EpochMs;
    readonly shadow?: ShadowReading | null;
  }): RolloutSight {
    const { stage, entry } = this.#history.last as DrawnRecord;
    const serving = entry.arms.filter(({ version, share }) => version !== entry.baseline && share > 0);
    const units = serving.map(({ version }) => this.#stepUnits.of(entry.step, version));
    return {
      key: this.#key,
      revision: entry.revision,
      readings: this.#guards.map((one) => readingOf(one, stage)),
      mismatch: this.#shares.reading(stage),
      units: units.length === 0 ? 0 : Math.min(...units),
      served: this.#served,
      challengerAt: this.#challengerAt,
      controlAt: this.#controlAt,
      readUntil,
      shadow,
      failing: this.#failing.list(),
    };
  }

  #row(row: Execution): void {
    const drawn = this.#drawnBy(row);
    if (drawn === undefined || row.assignment === null) return;
    const unit = this.#units.numberOf(row.assignment.draw);
    const { stage, epoch, groups } = drawn;
    const group = row.lane === "canary" ? `v${row.version}` : row.lane;
    this.#shares.arrive({ unit, group: group ?? "live", stage, epoch, planned: groups });
    const served = servedBy(row, drawn, unit);
    if (served === undefined) return;
    if (served.version === null) this.#controlAt = Math.max(this.#controlAt ?? 0, row.at);
    else {
      this.#challengerAt = Math.max(this.#challengerAt ?? 0, row.at);
      if (this.#servedUnits.get(unit) === 0) this.#served += 1;
      this.#servedUnits.set(unit, 1);
      this.#stepUnits.add(unit, { step: drawn.entry.step, version: served.version });
    }
    const costOf: CostOf = (execution) => this.#cost(execution);
    this.#observe(served, { id: row.id, from: "row" }, ({ metric }) => rowValue(metric, row, costOf));
  }

  #outcome(arrived: ArrivedOutcome): void {
    const { execution } = arrived;
    const drawn = this.#drawnBy(execution);
    if (drawn === undefined || execution.assignment === null) return;
    const served = servedBy(execution, drawn, this.#units.numberOf(execution.assignment.draw));
    if (served === undefined) return;
    this.#observe(served, { id: execution.id, from: "outcome" }, ({ metric, meaning }) =>
      outcomeValue(metric, arrived, meaning),
    );
  }

  #observe(
    { drawn, unit, version }: Served,
    { id, from }: { readonly id: ExecutionId; readonly from: GuardObservation["from"] },
    read: (watched: Watched) => number | null,
  ): void {
    const { stage, epoch, planned } = drawn;
    const { step } = drawn.entry;
    const arm = version === null ? "control" : "challenger";
    for (const watched of this.#watched) {
      const value = read(watched);
      if (value === null) continue;
      if (version !== null) this.#failing.note(watched.metric, watched.meaning, { id, value });
      for (const { fold, version: about } of watched.guards) {
        if (version !== null && version !== about) continue;
        fold.observe({ unit, arm, planned: planned.get(about) ?? 0, value, from, epoch, stage, step });
      }
    }
  }

  /** Money of one currency, the first that was seen: amounts of another cannot be compared with it. */
  #cost(execution: Execution): ReturnType<CostOf> {
    const cost = this.#costOf(execution);
    if (cost === null) return null;
    this.#currency ??= cost.currency;
    return cost.currency === this.#currency ? cost : null;
  }

  /** The record that drew for a row; undefined for rows that are none of this rollout's. */
  #drawnBy({ prompt, purpose, assignment, revision }: Execution): DrawnRecord | undefined {
    if (prompt !== this.#key || purpose !== "serve" || assignment === null || revision === null)
      return undefined;
    const drawn = this.#history.at(revision);
    return drawn?.entry.salt === assignment.salt ? drawn : undefined;
  }
}

/** Undefined for a row that a challenger was drawn for and did not serve: it is of neither arm. */
function servedBy(row: Execution, drawn: DrawnRecord, unit: number): Served | undefined {
  const { version, lane, assignment } = row;
  if (lane === "canary") {
    return version !== null && drawn.planned.has(version) ? { drawn, unit, version } : undefined;
  }
  const missed = lane === "live" && (assignment?.draw ?? 0) < drawn.served;
  if (missed || version !== drawn.entry.baseline) return undefined;
  return { drawn, unit, version: null };
}

/** Each guard's part of the plan's alpha, in the plan's order, when each is held by so many challengers. */
export function guardAlphas({ guards, alpha }: RolloutPlan, held: number): readonly number[] {
  const comparisons = guards.flatMap((guard) => (guard.kind === "comparison" ? [guard] : []));
  const given = comparisons.reduce((sum, guard) => sum + (guard.alpha ?? 0), 0);
  const open = comparisons.filter((guard) => guard.alpha === null).length;
  const each = open === 0 ? 0 : (1 - given) / open;
  return guards.map((guard) =>
    guard.kind === "limit" ? 0 : ((guard.alpha ?? each) * alpha) / Math.max(1, held),
  );
}

/** @throws HarnessError `input-malformed` for an outcome that the plan does not describe. */
function meaningOf({ metric, custom }: RolloutGuard): CustomMetric {
  const meaning = metricKind(metric, custom);
  if (meaning !== undefined) return meaning;
  throw new HarnessError(
    "input-malformed",
    `${metric} is no standard metric: say in the plan what it is, with kind and worse.`,
  );
}

function startGuard(
  guard: RolloutGuard,
  { kind, worse }: CustomMetric,
  levels: ComparisonLevels & { readonly steps: number },
): GuardFold {
  if (guard.kind === "limit") return new LimitWatch(guard);
  switch (kind) {
    case "event":
      return new EventComparison(guard, worse, levels);
    case "score":
      return new StepwiseComparison(levels, (each) => new ScoreComparison(guard, worse, each));
    case "amount":
      return new StepwiseComparison(levels, (each) => new AmountComparison(guard, worse, each));
  }
}

function readingOf({ guard, version, fold }: Guarded, stage: number): GuardReading {
  const { metric, kind, action } = guard;
  return { version, metric, kind, action, ...fold.standing(stage) };
}
