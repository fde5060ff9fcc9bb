/** Holds the ledger's metrics against the rows and outcomes up to their watermark, a day at a time. */

import { metricsThatDiffer } from "../../shared/compare-metrics.ts";
import type { Findings } from "../../shared/findings.ts";
import { inSlotsOf, type MetricGroup } from "../../shared/metric-groups.ts";
import { type MetricsByNumber, unpackMetrics } from "../../shared/packed-metrics.ts";
import { DAY_MS } from "../../shared/units.ts";
import { type LedgerEnds, ledgerEnds } from "../fold-metrics.ts";
import { type MetricValues, metricsByHour } from "../metric-groups.ts";
import {
  METRIC_TABLES,
  METRICS_BY_DAY,
  METRICS_BY_HOUR,
  type MetricRow,
  type MetricTable,
} from "../metric-sums.ts";
import type { SqlRow } from "../node-sqlite.ts";
import type { SqliteCore } from "../sqlite-core.ts";
import { whereOf } from "./verify-sums.ts";

const MISMATCH = "The metrics are not what their rows add up to.";

/** Days are held against their hours, which are held against the rows. */
export function verifyMetrics(core: SqliteCore, findings: Findings): void {
  const ends = verifyWatermark(core, findings);
  for (const day of daysOf(core)) {
    const anew = metricsByHour(core, valuesOfDay(day, ends));
    const hours = keptGroups(core, METRICS_BY_HOUR, day);
    compare({ table: METRICS_BY_HOUR, expected: anew, kept: hours }, findings);
    const days = inSlotsOf(DAY_MS, hours);
    compare({ table: METRICS_BY_DAY, expected: days, kept: keptGroups(core, METRICS_BY_DAY, day) }, findings);
  }
  verifyVersions(core, findings);
}

function valuesOfDay(day: number, { execution, outcome }: LedgerEnds): readonly MetricValues[] {
  const where = "row.at >= ? AND row.at < ? AND +row.n <= ?";
  const values = [day * DAY_MS, (day + 1) * DAY_MS, execution];
  return [
    { of: "rows", where, values },
    { of: "outcomes-by-row", where: `${where} AND +said.n <= ?`, values: [...values, outcome] },
  ];
}

/** @throws what SQLite says of a file that cannot be read; metrics that cannot be are none. */
function keptGroups(core: SqliteCore, { name, unit }: MetricTable, day: number): readonly MetricGroup[] {
  const slots = DAY_MS / unit;
  const rows = core
    .prepare(`SELECT * FROM ${name} WHERE version IN (SELECT n FROM version) AND slot >= ? AND slot < ?`)
    .all(day * slots, (day + 1) * slots) as unknown as readonly MetricRow[];
  return rows.map(({ metrics, ...key }) => ({ key, metrics: unpacked(metrics) }));
}

function unpacked(bytes: Uint8Array): MetricsByNumber {
  try {
    return unpackMetrics(bytes);
  } catch (error) {
    if (error instanceof RangeError) return new Map();
    throw error;
  }
}

/** Of versions that nobody has heard of there can be no rows. */
function verifyVersions(core: SqliteCore, findings: Findings): void {
  for (const table of METRIC_TABLES) {
    const strange = core.prepare(
      `SELECT slot, version, model FROM ${table.name} WHERE version NOT IN (SELECT n FROM version)`,
    );
    for (const row of strange.iterate() as Iterable<SqlRow>) {
      findings.add("rollup-mismatch", whereOf(table, row), MISMATCH);
    }
  }
}

function verifyWatermark(core: SqliteCore, findings: Findings): LedgerEnds {
  const ends = core.prepare("SELECT execution, outcome FROM measured").get() as LedgerEnds | undefined;
  const last = ledgerEnds(core);
  if (ends === undefined) {
    findings.add("rollup-mismatch", "watermark", "The watermark of the metrics is gone.");
    return { execution: 0, outcome: 0 };
  }
  for (const what of ["execution", "outcome"] as const) {
    if (ends[what] <= last[what]) continue;
    const message = `The metrics claim ${what} ${ends[what]}, and the last one is ${last[what]}.`;
    findings.add("rollup-mismatch", "watermark", message);
  }
  return ends;
}

/** Days (UTC, since the epoch) that have rows or metrics, each with one step along an index. */
function daysOf(core: SqliteCore): ReadonlySet<number> {
  const kept = core.prepare("SELECT slot FROM metric_day UNION SELECT slot / 24 AS slot FROM metric").all();
  const days = new Set(kept.map(({ slot }) => slot as number));
  const next = core.prepare("SELECT min(at) AS at FROM execution WHERE at >= ?");
  for (let from = 0; ; ) {
    const { at } = next.get(from) as { at: number | null };
    if (at === null) return days;
    const day = Math.floor(at / DAY_MS);
    days.add(day);
    from = (day + 1) * DAY_MS;
  }
}

interface Compared {
  readonly table: MetricTable;
  readonly expected: readonly MetricGroup[];
  readonly kept: readonly MetricGroup[];
}

function compare({ table, expected, kept }: Compared, findings: Findings): void {
  for (const { version, slot, model } of metricsThatDiffer(expected, kept)) {
    findings.add("rollup-mismatch", whereOf(table, { version, slot, model }), MISMATCH);
  }
}
