/** Lists how a prompt does on real traffic: shares, means and quantiles, by version, lane, model and time. */
import {
  listMetricLines,
  METRIC_DIMENSIONS,
  type MetricDimension,
  type MetricLine,
  type NewestRow,
  placeName,
  placeOfRow,
  type ShadowDistance,
  shadowDistance,
} from "@colophon/delivery";
import { type EpochMs, getPrompt, HarnessError, type Lane } from "@colophon/kernel";
import { openPrices } from "../costs/house-prices.ts";
import { pricedRollups } from "../costs/priced-sums.ts";
import { checkEnvironment } from "../environments.ts";
import type { Harness } from "../harness.ts";
import { readNames } from "../read-names.ts";
import { listShadowPairs } from "./list-shadow-pairs.ts";
import { metricWindow } from "./metric-window.ts";
import { newestRows } from "./newest-rows.ts";

export interface MetricsQuery {
  readonly key: string;
  /** All of them, each with lines of its own, unless given. */
  readonly environment?: string;
  /** Served calls of all lanes unless given; `shadow` lists shadowed calls, which no other answer counts. */
  readonly lane?: Lane;
  /** A week before `until` unless given. Both are moved outwards to whole hours. */
  readonly since?: EpochMs;
  /** Exclusive; now unless given. */
  readonly until?: EpochMs;
  /** By version unless given. */
  readonly by?: readonly MetricDimension[];
}

/** The dimensions that were asked for, and what is known of those calls. */
export type MetricRow = Pick<MetricLine, "environment" | "calls" | "metrics" | "cost" | "judged"> &
  Partial<Pick<MetricLine, "version" | "lane" | "model">> & {
    /** ISO 8601: the beginning of the hour or the (UTC) day. */
    readonly hour?: string;
    readonly day?: string;
    /** How far answers lie from the live version's; null where none were shadowed. */
    readonly shadow: ShadowDistance | null;
  };

export interface MetricReport {
  readonly key: string;
  readonly environment: string | null;
  readonly lane: Lane | null;
  /** ISO 8601; `until` is exclusive. */
  readonly since: string;
  readonly until: string;
  readonly by: readonly MetricDimension[];
  /** The newest calls, which quantiles of cost, judges' shares and shadow distances are read from. */
  readonly newest: number;
  readonly rows: readonly MetricRow[];
}

const HOUR_MS = 3_600_000;

/**
 * Only calls of the purpose `serve` count, unless shadowed ones are asked for. What nobody said is null with
 * its reason, and neither 0 nor good.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown` where no row and no record knows it, `usage`,
 * `input-malformed` or `time-invalid` for a price file.
 * @example
 * const { rows } = await listMetrics(harness, { key: "support.triage", environment: "production" });
 * console.log(rows.map(({ version, metrics }) => [version, metrics.errors?.value]));
 */
export async function listMetrics(harness: Harness, query: MetricsQuery): Promise<MetricReport> {
  const { key, environment, lane, by = ["version"] } = query;
  const window = metricWindow(harness, query);
  const slot = slotOf(by);
  const purpose = lane === "shadow" ? "shadow" : "serve";
  const scope = { ...window, prompt: key, ...(environment === undefined ? {} : { environment }) };
  const { book } = await openPrices(harness);
  const inLane = (one: { readonly lane: Lane | null }): boolean => lane === undefined || one.lane === lane;
  const sums = await pricedRollups(harness, { ...scope, by: slot }, book);
  const calls = sums.filter(({ sum }) => sum.purpose === purpose && inLane(sum));
  if (calls.length === 0) await checkNames(harness, query);
  const metrics = (await harness.ledger.listMetrics({ ...scope, purpose, by: slot })).filter(inLane);
  const newest = (await newestRows(harness, { ...scope, purpose }, book)).filter(({ row }) => inLane(row));
  const calibrations = (await harness.records.listRecords({ kinds: ["calibration"] })).flatMap((record) =>
    record.kind === "calibration" ? [record.data] : [],
  );
  const lines = listMetricLines({ calls, metrics, newest, calibrations }, by);
  const rows: MetricRow[] = [];
  for (const line of lines) {
    const isOwn = ({ row }: NewestRow): boolean => placeName(placeOfRow(row, by)) === placeName(line);
    const shadow =
      lane === "shadow" ? shadowDistance(await listShadowPairs(harness, newest.filter(isOwn))) : null;
    rows.push(rowOf(line, by, shadow));
  }
  return {
    key,
    environment: environment ?? null,
    lane: lane ?? null,
    since: new Date(window.since).toISOString(),
    until: new Date(window.until).toISOString(),
    by,
    newest: newest.length,
    rows,
  };
}

/**
 * Reads `version,lane` as dimensions.
 *
 * @throws HarnessError `usage`.
 * @example
 * const by = readMetricDimensions("version,lane", "--by");
 */
export function readMetricDimensions(text: string, flag: string): readonly MetricDimension[] {
  return [...new Set(readNames(text, { flag, names: METRIC_DIMENSIONS, what: "tell calls apart by" }))];
}

function slotOf(by: readonly MetricDimension[]): "hour" | "day" | "window" {
  if (by.includes("hour") && by.includes("day")) {
    throw new HarnessError("usage", "Calls cannot be told apart by hour and by day at once; keep one.");
  }
  return by.includes("hour") ? "hour" : by.includes("day") ? "day" : "window";
}

/** Nothing found is no answer to a slip of the pen. */
async function checkNames(harness: Harness, { key, environment }: MetricsQuery): Promise<void> {
  getPrompt(await harness.records.state(), key);
  if (environment !== undefined) await checkEnvironment(harness, environment);
}

function rowOf(line: MetricLine, by: readonly MetricDimension[], shadow: ShadowDistance | null): MetricRow {
  const { environment, version, lane, model, hour, calls, metrics, cost, judged } = line;
  const begin = new Date((hour ?? 0) * HOUR_MS).toISOString();
  const dimensions = { version, lane, model, hour: begin, day: begin };
  const asked = Object.fromEntries(by.map((name) => [name, dimensions[name]]));
  return { environment, ...asked, calls, metrics, cost, judged, shadow };
}
