/** Lists what rules and judges said of calls of production, by version and lane, corrected by calibrations. */
import {
  type JudgedQuality,
  judgedQuality,
  type MetricFigure,
  meanFigure,
  type NewestRow,
} from "@colophon/delivery";
import { type EpochMs, getEnvironment, getPrompt, type Lane, type Outcome } from "@colophon/kernel";
import { openPrices } from "../../costs/house-prices.ts";
import type { Harness } from "../../harness.ts";
import { newestRows } from "../../metrics/newest-rows.ts";

export interface OnlineRatesQuery {
  readonly key: string;
  readonly environment: string;
  /** A week before `until` unless given. */
  readonly since?: EpochMs | undefined;
  /** Exclusive; now unless given. */
  readonly until?: EpochMs | undefined;
}

export interface OnlineRate {
  /** Null for a text that only the application's code knows. */
  readonly version: number | null;
  readonly lane: Lane | null;
  /** Of the outcomes. */
  readonly metric: string;
  readonly source: "rule" | "judge";
  readonly by: string;
  /** Mean score with its 95 % interval, as it was said. */
  readonly score: Pick<MetricFigure, "value" | "lower" | "upper" | "samples">;
  /** Of a judge of quality: the shares that it passed and that are good by its calibration; else null. */
  readonly judged: JudgedQuality | null;
}

const WEEK_MS = 604_800_000;
/** Each is read with its outcomes, so there is an end to it. */
const MOST_CALLS = 50_000;

/**
 * Of the newest 50,000 served calls, and as many shadowed ones, those that were scored.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`.
 */
export async function onlineRates(harness: Harness, query: OnlineRatesQuery): Promise<readonly OnlineRate[]> {
  const { key, environment } = query;
  const state = await harness.records.state();
  getPrompt(state, key);
  getEnvironment(state, environment);
  const until = query.until ?? harness.clock.now() + 1;
  const filter = {
    prompt: key,
    environment,
    since: query.since ?? until - WEEK_MS,
    until,
    limit: MOST_CALLS,
  };
  const { book } = await openPrices(harness);
  const records = await harness.records.listRecords({ kinds: ["calibration"] });
  const calibrations = records.flatMap(({ kind, data }) => (kind === "calibration" ? [data] : []));
  const served = await newestRows(harness, { ...filter, purpose: "serve" }, book);
  const shadowed = await newestRows(harness, { ...filter, purpose: "shadow" }, book);
  const places = Map.groupBy([...served, ...shadowed], ({ row }) => `${row.version ?? ""} ${row.lane ?? ""}`);
  return [...places.values()].flatMap((rows) => ratesOf(rows, judgedQuality(rows, calibrations)));
}

/** Of the calls of one version in one lane. */
function ratesOf(rows: readonly NewestRow[], judged: readonly JudgedQuality[]): readonly OnlineRate[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { version, lane } = first.row;
  const said = rows.flatMap(({ outcomes }) => outcomes.filter(isScore));
  const raters = Map.groupBy(said, ({ name, source, by }) => `${name} ${source} ${by ?? ""}`);
  return [...raters]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, outcomes]) => {
      const [one] = outcomes;
      if (one === undefined) return [];
      const { name: metric, by } = one;
      const source = one.source === "judge" ? "judge" : "rule";
      const own =
        source === "judge" && metric === "quality" ? judged.find(({ judge }) => judge === by) : undefined;
      return [{ version, lane, metric, source, by: by ?? "", score: meanOf(outcomes), judged: own ?? null }];
    });
}

function isScore({ source, value }: Outcome): boolean {
  return (source === "rule" || source === "judge") && typeof value !== "string";
}

function meanOf(outcomes: readonly Outcome[]): OnlineRate["score"] {
  const values = outcomes.map(({ value }) => Number(value));
  const sum = values.reduce((all, value) => all + value, 0);
  const sumOfSquares = values.reduce((all, value) => all + value ** 2, 0);
  const sums = { count: values.length, sum, sumOfSquares, sketch: null };
  const { value, lower, upper, samples } = meanFigure("score", sums, "nobody has said it");
  return { value, lower, upper, samples };
}
