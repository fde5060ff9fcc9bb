/** The sums that the ledger keeps of its metrics: of what, by what they are kept apart, and in which tables. */
import type { MetricKey } from "../shared/metric-groups.ts";
import { DAY_MS, HOUR_MS } from "../shared/units.ts";

/** All metrics of a unit of time and a call's key lie in one row, packed: a fold touches few rows however many there are. */
export interface MetricTable {
  readonly name: string;
  /** Milliseconds of a slot. */
  readonly unit: number;
}

export const METRICS_BY_HOUR: MetricTable = { name: "metric", unit: HOUR_MS };
export const METRICS_BY_DAY: MetricTable = { name: "metric_day", unit: DAY_MS };
export const METRIC_TABLES: readonly MetricTable[] = [METRICS_BY_HOUR, METRICS_BY_DAY];

/** A row of these tables. */
export interface MetricRow extends MetricKey {
  /** What `packMetrics` made of the totals. */
  readonly metrics: Uint8Array;
}

/** A prompt's versions before time: who reads metrics mostly reads those of one prompt. */
const KEYS = ["version", "slot", "scope", "model"] as const;

/** With row numbers, since rows of some hundred bytes would each take a page of their own without. */
export function createMetricsSql({ name }: MetricTable): string {
  const columns = KEYS.map((key) => `${key} INTEGER NOT NULL`);
  return `CREATE TABLE ${name} (${columns.join(", ")}, metrics BLOB NOT NULL, PRIMARY KEY (${KEYS.join(", ")})) STRICT`;
}

export function keyValues(key: MetricKey): readonly number[] {
  return KEYS.map((name) => key[name]);
}

/** Binds what `keyValues` gives. */
export function findMetricsSql({ name }: MetricTable): string {
  return `SELECT metrics FROM ${name} WHERE ${KEYS.map((key) => `${key} = ?`).join(" AND ")}`;
}

/** Binds what `keyValues` gives, and the packed metrics. */
export function setMetricsSql({ name }: MetricTable): string {
  return `INSERT INTO ${name} (${KEYS.join(", ")}, metrics) VALUES (${KEYS.map(() => "?").join(", ")}, ?)
    ON CONFLICT DO UPDATE SET metrics = excluded.metrics`;
}
