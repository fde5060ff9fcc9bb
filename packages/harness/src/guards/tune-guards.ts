/** Proposes standing guards from what is live and was, with the false alarms to expect of each. */
import { metricKind, type TunedGuard, tuneGuard } from "@colophon/delivery";
import {
  type EpochMs,
  type GuardData,
  getEnvironment,
  getPrompt,
  HarnessError,
  STANDARD_METRICS,
} from "@colophon/kernel";
import { openPrices } from "../costs/house-prices.ts";
import type { Harness } from "../harness.ts";
import { type MetricPast, metricPast, readPast } from "./guard-slots.ts";
import { setGuard } from "./set-guard.ts";

export interface TuneQuery {
  readonly key: string;
  readonly environment: string;
  /** Four weeks back from now unless given. */
  readonly since?: EpochMs;
  /** Milliseconds; an hour unless given. */
  readonly window?: number;
  /** Observations in a window before which a guard says nothing; 30 unless given. */
  readonly minimum?: number;
  /** False alarms a week of each guard; one in four weeks unless given. */
  readonly target?: number;
  /** Of the standard table; those that commonly tell of harm unless given. */
  readonly metrics?: readonly string[];
}

type Proposed = Extract<TunedGuard, { readonly status: "proposed" }>;

/** A guard that could be set, and what the past says of it. */
export interface TuneRow
  extends Pick<GuardData, "metric" | "direction" | "measure" | "minimum" | "window" | "action">,
    Pick<TunedGuard, "status" | "windows" | "days" | "observations"> {
  /** Null where nothing is proposed. */
  readonly limit: number | null;
  readonly falseAlarms: Proposed["falseAlarms"] | null;
  readonly usual: number | null;
  readonly worst: number | null;
  /** What the past was read from: rows one by one, or sums by the hour where rows are too many. */
  readonly from: MetricPast["from"];
  /** In words, why nothing is proposed; null where something is. */
  readonly insufficient: string | null;
  /** The guard's id, once it is set. */
  readonly guard: string | null;
}

export interface TuneReport {
  readonly key: string;
  readonly environment: string;
  /** ISO 8601; `until` is exclusive. */
  readonly since: string;
  readonly until: string;
  readonly target: number;
  readonly rows: readonly TuneRow[];
}

const HOUR_MS = 3_600_000;
const FOUR_WEEKS_MS = 28 * 24 * HOUR_MS;

/** What machines see rolls back, what people say is for people to judge, and money and time are only told. */
const PROPOSED: Readonly<Record<string, Pick<TuneRow, "measure" | "action">>> = {
  errors: { measure: "mean", action: "rollback" },
  schemaOk: { measure: "mean", action: "rollback" },
  refused: { measure: "mean", action: "rollback" },
  thumbsDown: { measure: "mean", action: "alert" },
  quality: { measure: "mean", action: "alert" },
  latency: { measure: "mean", action: "alert" },
  cost: { measure: "per-hour", action: "alert" },
};

/**
 * Nothing is recorded. The past is that of all versions that served: where one of them did badly, the limit
 * is looser than it need be. Windows slide by a twelfth of their length where rows are few enough to be read
 * one by one, else by the hour.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `usage` for a metric that is none of the standard
 * table or a window that cannot be, `input-malformed` or `time-invalid` for a price file.
 * @example
 * const { rows } = await tuneGuards(harness, { key: "support.triage", environment: "production" });
 */
export async function tuneGuards(harness: Harness, query: TuneQuery): Promise<TuneReport> {
  const { key, environment, window = HOUR_MS, minimum = 30, target = 0.25 } = query;
  const state = await harness.records.state();
  getPrompt(state, key);
  getEnvironment(state, environment);
  const metrics = query.metrics ?? Object.keys(PROPOSED);
  checkTuning(metrics, { window, target });
  const until = harness.clock.now() + 1;
  const since = query.since ?? until - FOUR_WEEKS_MS;
  const { book } = await openPrices(harness);
  const past = await readPast(harness, { key, environment, since, until }, book);
  if (!past.complete && window % HOUR_MS !== 0) {
    throw new HarnessError(
      "usage",
      `A window of ${window} ms cannot be tuned from so many calls; give whole hours, or a later --since.`,
    );
  }
  const rows = metrics.map((metric) =>
    rowOf(metricPast(metric, window, past), { metric, window, minimum, target }),
  );
  const [from, to] = [new Date(since).toISOString(), new Date(until).toISOString()];
  return { key, environment, since: from, until: to, target, rows };
}

/**
 * Sets every guard that is proposed, each with the reason that the figures are.
 *
 * @throws HarnessError as `tuneGuards`.
 * @example
 * const { rows } = await acceptTuning(harness, { key: "support.triage", environment: "production" });
 */
export async function acceptTuning(harness: Harness, query: TuneQuery): Promise<TuneReport> {
  const report = await tuneGuards(harness, query);
  const { key, environment } = report;
  const rows: TuneRow[] = [];
  for (const row of report.rows) {
    const { metric, direction, measure, minimum, window, action, limit } = row;
    if (limit === null) {
      rows.push(row);
      continue;
    }
    const rule = { key, environment, metric, direction, limit, measure, minimum, window, action } as const;
    const { guard } = await setGuard(harness, { ...rule, against: "limit", reason: reasonOf(row, report) });
    rows.push({ ...row, guard: guard.id });
  }
  return { ...report, rows };
}

function reasonOf({ falseAlarms, windows, days }: TuneRow, { since, until }: TuneReport): string {
  const { expected = 0, upper = 0 } = falseAlarms ?? {};
  return `Tuned on ${windows} windows of ${days} days (${since.slice(0, 10)} to ${until.slice(0, 10)}): ${figure(expected)} false alarms a week expected, at most ${figure(upper)} (95 %).`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function checkTuning(
  metrics: readonly string[],
  { window, target }: { readonly window: number; readonly target: number },
): void {
  const other = metrics.find((metric) => metricKind(metric) === undefined);
  const problem =
    other !== undefined
      ? `${other} is none of ${Object.keys(STANDARD_METRICS).join(", ")}, so nobody knows which way is worse; set its guard by hand`
      : !(window > 0)
        ? `a window of ${window} ms is none; give one above 0`
        : !(target >= 0)
          ? `${target} false alarms a week cannot be aimed at; give 0 or more`
          : undefined;
  if (problem !== undefined) throw new HarnessError("usage", `Guards cannot be tuned: ${problem}.`);
}

interface RowQuestion {
  readonly metric: string;
  readonly window: number;
  readonly minimum: number;
  readonly target: number;
}

/** The bootstrap draws the same for the same past, so that two who look see the same figures. */
const SEED = 1;

function rowOf(past: MetricPast, { metric, window, minimum, target }: RowQuestion): TuneRow {
  const { kind, worse } = metricKind(metric) ?? { kind: "event", worse: "higher" };
  const { measure, action } = PROPOSED[metric] ?? { measure: "mean", action: "alert" };
  const direction = worse === "higher" ? "above" : "below";
  const rule = { window, minimum, direction, measure } as const;
  const tuned = tuneGuard({ ...past, ...rule, kind, target, seed: SEED });
  const { status, windows, days, observations } = tuned;
  const found = {
    metric,
    ...rule,
    action,
    status,
    windows,
    days,
    observations,
    from: past.from,
    guard: null,
  };
  if (tuned.status === "insufficient") {
    return { ...found, limit: null, falseAlarms: null, usual: null, worst: null, insufficient: tuned.reason };
  }
  const { limit, falseAlarms, usual, worst } = tuned;
  return { ...found, limit, falseAlarms, usual, worst, insufficient: null };
}
