/** Reads metrics of any hours, exact at the moment of asking: sums that are kept, and what is in none of them yet. */
import { HarnessError, type MetricFilter } from "@colophon/kernel";
import { fillSpan, type Span, type SpanPiece } from "../shared/cut-span.ts";
import type { ReadGroup } from "../shared/metric-list.ts";
import { type MetricsByNumber, unpackMetrics } from "../shared/packed-metrics.ts";
import { DAY_MS, HOUR_MS } from "../shared/units.ts";
import { type LedgerEnds, measuredEnds } from "./fold-metrics.ts";
import { type MetricValues, metricsByHour } from "./metric-groups.ts";
import { METRICS_BY_DAY, METRICS_BY_HOUR, type MetricRow } from "./metric-sums.ts";
import type { SqlValue } from "./node-sqlite.ts";
import { spanOf } from "./read-sums.ts";
import type { SqliteCore } from "./sqlite-core.ts";

/**
 * What several groups of the same key and time come to is for the caller to add up.
 *
 * @throws HarnessError `store-corrupt` for metrics or a watermark that somebody destroyed.
 */
export function readMetrics(core: SqliteCore, filter: MetricFilter, add: (group: ReadGroup) => void): void {
  core.reading(() => {
    const span = spanOf(core, { since: floorHour(filter.since), until: floorHour(filter.until) });
    const ends = measuredEnds(core);
    const tables = (filter.by ?? "hour") === "hour" ? [METRICS_BY_HOUR] : [METRICS_BY_DAY, METRICS_BY_HOUR];
    const units = tables.map(({ unit }) => unit);
    for (const piece of fillSpan(span, units)) {
      for (const group of readUnits(core, filter, piece)) add(group);
    }
    const values = unfolded(filter, span, ends);
    for (const group of metricsByHour(core, values)) add({ ...group, unit: HOUR_MS });
  });
}

function floorHour(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time - (time % HOUR_MS);
}

/** Ends lie on whole hours, so every piece consists of units. */
function* readUnits(core: SqliteCore, filter: MetricFilter, piece: SpanPiece): Generator<ReadGroup> {
  const { name, unit } = piece.unit === DAY_MS ? METRICS_BY_DAY : METRICS_BY_HOUR;
  const { conditions, values } = placesOf(filter);
  const where = [...conditions, "row.slot >= ?", "row.slot < ?"].join(" AND ");
  const rows = core
    .prepare(`SELECT * FROM ${name} AS row WHERE ${where}`)
    .iterate(...values, piece.from / unit, piece.until / unit) as Iterable<unknown> as Iterable<MetricRow>;
  for (const { metrics, ...key } of rows) yield { key, metrics: unpackStored(core, metrics), unit };
}

function unpackStored({ file }: SqliteCore, metrics: Uint8Array): MetricsByNumber {
  try {
    return unpackMetrics(metrics);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const sentence = `The store ${file} has metrics that cannot be read; restore it from a copy.`;
    throw new HarnessError("store-corrupt", sentence, { cause });
  }
}

/** Values that are in no sum yet: of rows, of outcomes, and of outcomes that came before their rows. */
function unfolded(filter: MetricFilter, { from, until }: Span, ends: LedgerEnds): readonly MetricValues[] {
  const places = placesOf(filter, "+");
  const within = ["+row.at >= ?", "+row.at < ?", ...places.conditions];
  const more = [from, until, ...places.values];
  const { execution, outcome } = ends;
  return [
    { of: "rows", where: ["row.n > ?", ...within].join(" AND "), values: [execution, ...more] },
    { of: "outcomes", where: ["said.n > ?", ...within].join(" AND "), values: [outcome, ...more] },
    {
      of: "outcomes-by-row",
      where: ["row.n > ?", "+said.n <= ?", ...within].join(" AND "),
      values: [execution, outcome, ...more],
    },
  ];
}

/** A plus keeps SQLite, which has no statistics here, from following the column's index. */
function placesOf({ prompt, environment, purpose }: MetricFilter, plus: "" | "+" = "") {
  const conditions = [
    // Named even where all are wanted: sums lie by version first, and are found by their time within each.
    `${plus}row.version IN (SELECT n FROM version${prompt === undefined ? "" : " WHERE prompt = ?"})`,
  ];
  const values: SqlValue[] = prompt === undefined ? [] : [prompt];
  for (const [name, value] of Object.entries({ environment, purpose })) {
    if (value === undefined) continue;
    conditions.push(`+row.scope IN (SELECT n FROM scope WHERE ${name} = ?)`);
    values.push(value);
  }
  return { conditions, values };
}
