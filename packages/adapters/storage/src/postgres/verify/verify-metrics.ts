/** Holds the ledger's metrics against the rows and outcomes up to their watermark, a week at a time. */
import { metricsThatDiffer } from "../../shared/compare-metrics.ts";
import { inSlotsOf, type MetricGroup, type MetricKey } from "../../shared/metric-groups.ts";
import { type MetricsByNumber, unpackMetrics } from "../../shared/packed-metrics.ts";
import { DAY_MS } from "../../shared/units.ts";
import { METRICS_BY_DAY, METRICS_BY_HOUR, type MetricTable } from "../fold-metrics.ts";
import { type LedgerEnds, ledgerEnds } from "../ledger-ends.ts";
import { type MetricValues, metricsByHour } from "../metric-reads.ts";
import { firstIdAt, WEEK_MS, type Week } from "../partitions.ts";
import type { Verification } from "./verify-store.ts";
import { goneWeeks, whereOf } from "./verify-sums.ts";

const MISMATCH = "The metrics are not what their rows add up to.";

/** Days are held against their hours, which are held against the rows. */
export async function verifyMetrics(verification: Verification): Promise<void> {
  const { connection } = verification;
  const ends = await verifyWatermark(verification);
  const gone = new Set(goneWeeks(verification));
  for (const week of await weeksOf(verification)) {
    if (gone.has(week)) continue;
    const anew = await metricsByHour(connection, valuesOfWeek(week, ends));
    const hours = await keptGroups(verification, METRICS_BY_HOUR, week);
    compare(verification, METRICS_BY_HOUR, { expected: anew, kept: hours });
    const days = await keptGroups(verification, METRICS_BY_DAY, week);
    compare(verification, METRICS_BY_DAY, { expected: inSlotsOf(DAY_MS, hours), kept: days });
  }
}

function valuesOfWeek(week: Week, { execution, outcome }: LedgerEnds): readonly MetricValues[] {
  const where = "row.id >= $1 AND row.id < $2 AND row.n <= $3";
  const values = [firstIdAt(week * WEEK_MS), firstIdAt((week + 1) * WEEK_MS), execution];
  return [
    { of: "rows", where, values },
    { of: "outcomes", where: `${where} AND said.n <= $4`, values: [...values, outcome] },
  ];
}

/** Metrics that cannot be read are none. */
async function keptGroups(
  { connection }: Verification,
  { name, unit }: MetricTable,
  week: Week,
): Promise<readonly MetricGroup[]> {
  const slots = WEEK_MS / unit;
  const rows = await connection.query(`SELECT * FROM @schema.${name} WHERE slot >= $1 AND slot < $2`, [
    week * slots,
    (week + 1) * slots,
  ]);
  return rows.map(({ metrics, ...key }) => ({
    key: key as unknown as MetricKey,
    metrics: unpacked(metrics as Uint8Array),
  }));
}

function unpacked(bytes: Uint8Array): MetricsByNumber {
  try {
    return unpackMetrics(bytes);
  } catch (error) {
    if (error instanceof RangeError) return new Map();
    throw error;
  }
}

async function verifyWatermark({ connection, findings }: Verification): Promise<LedgerEnds> {
  const [row] = await connection.query("SELECT execution, outcome FROM @schema.measured");
  const last = await ledgerEnds(connection);
  if (row === undefined) {
    findings.add("rollup-mismatch", "watermark", "The watermark of the metrics is gone.");
    return { execution: 0, outcome: 0 };
  }
  const ends = row as unknown as LedgerEnds;
  for (const what of ["execution", "outcome"] as const) {
    if (ends[what] <= last[what]) continue;
    const message = `The metrics claim ${what} ${ends[what]}, and the last one is ${last[what]}.`;
    findings.add("rollup-mismatch", "watermark", message);
  }
  return ends;
}

/** Weeks (since the epoch) that have rows or metrics. */
async function weeksOf({ connection }: Verification): Promise<readonly Week[]> {
  const rows = await connection.query(
    `SELECT at / ${WEEK_MS} AS week FROM @schema.execution UNION SELECT slot / ${WEEK_MS / METRICS_BY_HOUR.unit} FROM @schema.metric
     UNION SELECT slot / ${WEEK_MS / METRICS_BY_DAY.unit} FROM @schema.metric_day ORDER BY week`,
  );
  return rows.map(({ week }) => week as number);
}

function compare(
  { findings }: Verification,
  table: MetricTable,
  groups: { readonly expected: readonly MetricGroup[]; readonly kept: readonly MetricGroup[] },
): void {
  for (const { version, slot, model } of metricsThatDiffer(groups.expected, groups.kept)) {
    findings.add("rollup-mismatch", whereOf(table, { version, slot, model }), MISMATCH);
  }
}
