/** Guards that outlive rollouts: sliding windows over what each version does, against a limit or its predecessor. */
import {
  type Arrivals,
  type ArrivedOutcome,
  type EpochMs,
  type Execution,
  type ExecutionId,
  type GuardEntry,
  HarnessError,
  type Revision,
} from "@colophon/kernel";
import { isoTime, metricValue, rounded } from "../rollout/metric-words.ts";
import { type CostOf, metricKind, outcomeValue, rowValue } from "./metric-values.ts";
import { ObservationWindow } from "./observation-window.ts";

/** Where a standing guard stands about a version. */
export interface StandingReading {
  readonly guard: string;
  /** Of the record that set the guard as it was looked at. */
  readonly revision: Revision;
  readonly key: string;
  readonly environment: string;
  readonly metric: string;
  readonly version: number;
  /** `silent`: it has fired about this version before. */
  readonly state: "watching" | "breached" | "silent" | "no-data";
  /** Mean or sum per hour over the window; null without data. */
  readonly value: number | null;
  /** What `value` is held against; null where the predecessor's number is not known. */
  readonly limit: number | null;
  readonly count: number;
  readonly since: EpochMs | null;
  readonly executions: readonly ExecutionId[];
  /** What was found, in words. */
  readonly words: string;
}

export interface StandingQuestion {
  /** The version that is live. */
  readonly version: number;
  readonly now: EpochMs;
  /** The predecessor's recorded number of the same measure; null where there is none. */
  readonly predecessor?: number | null;
}

interface Watch {
  readonly guard: GuardEntry;
  readonly windows: Map<number, ObservationWindow>;
}

const HOUR = 3_600_000;

/** Every version has windows of its own, so that a canary's calls count once it is live. */
export class StandingGuards {
  readonly #costOf: CostOf;
  #watches = new Map<string, Watch>();

  constructor({ costOf }: { readonly costOf: CostOf }) {
    this.#costOf = costOf;
  }

  /** Takes the guards that are active now. One that was set anew begins anew, and so does a version that was let out again. */
  follow(guards: Iterable<GuardEntry>): void {
    const watches = new Map<string, Watch>();
    for (const guard of guards) {
      const known = this.#watches.get(guard.id);
      const goesOn = known !== undefined && known.guard.revision === guard.revision;
      const windows: Watch["windows"] = goesOn ? known.windows : new Map();
      const again = known?.guard.fired.filter((version) => !guard.fired.includes(version)) ?? [];
      for (const version of again) windows.delete(version);
      watches.set(guard.id, { guard, windows });
    }
    this.#watches = watches;
  }

  /** Takes arrivals in any order and pages. Only calls that serve count: rows at their start, outcomes when they were said. */
  fold({ executions, outcomes }: Pick<Arrivals, "executions" | "outcomes">): void {
    for (const watch of this.#watches.values()) {
      for (const row of executions) this.#row(watch, row);
      for (const arrived of outcomes) this.#outcome(watch, arrived);
    }
  }

  #row({ guard, windows }: Watch, row: Execution): void {
    if (!isWatched(guard, row)) return;
    const value = rowValue(guard.metric, row, this.#costOf);
    if (value !== null) add(windows, guard, { value, row, at: row.at });
  }

  #outcome({ guard, windows }: Watch, arrived: ArrivedOutcome): void {
    const row = arrived.execution;
    if (!isWatched(guard, row)) return;
    const value = metricKind(guard.metric)
      ? outcomeValue(guard.metric, arrived)
      : freeValue(guard.metric, arrived);
    if (value !== null) add(windows, guard, { value, row, at: arrived.outcome.at });
  }

  /** @throws HarnessError `usage` for a guard that is not followed. */
  reading(id: string, { version, now, predecessor = null }: StandingQuestion): StandingReading {
    const watch = this.#watches.get(id);
    if (watch === undefined) {
      throw new HarnessError("usage", `The guard ${id} is not active: follow the guards of the state first.`);
    }
    const { guard } = watch;
    const { key, environment, metric, revision } = guard;
    const { count, sum, since, failing } = watch.windows.get(version)?.sums(now) ?? NOTHING;
    const value = count === 0 ? null : guard.measure === "mean" ? sum / count : (sum * HOUR) / guard.window;
    const limit = limitOf(guard, predecessor);
    const beyond =
      value !== null && limit !== null && (guard.direction === "above" ? value > limit : value < limit);
    const state =
      value === null || limit === null
        ? "no-data"
        : guard.fired.includes(version)
          ? "silent"
          : beyond && count >= guard.minimum
            ? "breached"
            : "watching";
    const words = standingWords(guard, { version, value, limit, count, since });
    const about = { guard: id, revision, key, environment, metric, version };
    return { ...about, state, value, limit, count, since, executions: failing, words };
  }
}

const NOTHING = { count: 0, sum: 0, since: null, failing: [] } as const;

function isWatched({ key, environment }: GuardEntry, row: Execution): boolean {
  return row.prompt === key && row.environment === environment && row.purpose === "serve";
}

/** An outcome that nobody described counts as it is: true as 1, numbers as themselves. */
function freeValue(metric: string, { outcome }: ArrivedOutcome): number | null {
  if (outcome.name !== metric || typeof outcome.value === "string") return null;
  return Number(outcome.value);
}

function add(
  windows: Watch["windows"],
  guard: GuardEntry,
  { value, row, at }: { readonly value: number; readonly row: Execution; readonly at: EpochMs },
): void {
  if (row.version === null) return;
  const window = windows.get(row.version) ?? new ObservationWindow(guard.window);
  windows.set(row.version, window);
  const { limit, direction, against } = guard;
  const event = metricKind(guard.metric)?.kind === "event" || metricKind(guard.metric) === undefined;
  const failing =
    event || against === "predecessor"
      ? value === (direction === "above" ? 1 : 0)
      : direction === "above"
        ? value > limit
        : value < limit;
  window.add({ at, value, id: row.id, failing });
}

function limitOf({ against, limit }: GuardEntry, predecessor: number | null): number | null {
  if (against === "limit") return limit;
  return predecessor === null ? null : predecessor * limit;
}

function standingWords(
  guard: GuardEntry,
  found: Pick<StandingReading, "version" | "value" | "limit" | "count" | "since">,
): string {
  const { metric, measure, direction, against } = guard;
  const { version, value, limit, count, since } = found;
  if (value === null) return `nothing is known of ${metric} of v${version} in its window`;
  const perHour = measure === "per-hour";
  const shown = (figure: number) => (perHour ? `${rounded(figure)} an hour` : metricValue(metric, figure));
  const bound = limit === null ? "unknown" : shown(limit);
  const beyond = limit !== null && (direction === "above" ? value > limit : value < limit);
  const where = beyond ? direction : "within";
  const than = against === "limit" ? "its limit of" : "what its predecessor's number allows:";
  const from = since === null ? "" : `, since ${isoTime(since)}`;
  return `${metric} is ${shown(value)} over ${count} observations of v${version}${from}, ${where} ${than} ${bound}`;
}
