/** Folds the newest rows and outcomes into the ledger's metrics, a bounded piece at a time. */
import { HarnessError } from "@colophon/kernel";
import { inSlotsOf, type MetricGroup } from "../shared/metric-groups.ts";
import { addPacked, packMetrics } from "../shared/packed-metrics.ts";
import { DAY_MS, HOUR_MS } from "../shared/units.ts";
import { type LedgerEnds, ledgerEnds } from "./ledger-ends.ts";
import { tryLockStore } from "./locks.ts";
import { type MetricValues, metricsByHour } from "./metric-reads.ts";
import { BY_INDEX, type Connection, type PostgresCore } from "./postgres-core.ts";

/** A table of packed metrics by unit of time. */
export interface MetricTable {
  readonly name: "metric" | "metric_day";
  /** Milliseconds of a slot. */
  readonly unit: number;
}

export const METRICS_BY_HOUR: MetricTable = { name: "metric", unit: HOUR_MS };
export const METRICS_BY_DAY: MetricTable = { name: "metric_day", unit: DAY_MS };
export const METRIC_TABLES: readonly MetricTable[] = [METRICS_BY_HOUR, METRICS_BY_DAY];

/** Rows and outcomes of one piece. */
const PIECE = 10_000;

/**
 * Where the fold stands: every row up to this number is in the metrics, and every outcome up to this
 * number whose row is. An outcome that came before its row is taken in with it.
 *
 * @throws HarnessError `store-corrupt` when somebody took the watermark away.
 */
export async function measuredEnds({ query }: Pick<Connection, "query">, place: string): Promise<LedgerEnds> {
  const [row] = await query("SELECT execution, outcome FROM @schema.measured");
  if (row !== undefined) return row as unknown as LedgerEnds;
  throw new HarnessError(
    "store-corrupt",
    `The store ${place} lost the watermark of its metrics; restore it from a backup.`,
  );
}

/** What lies between two watermarks. */
function valuesBetween(from: LedgerEnds, to: LedgerEnds): readonly MetricValues[] {
  return [
    { of: "rows", where: "row.n > $1 AND row.n <= $2", values: [from.execution, to.execution] },
    {
      of: "outcomes",
      where: "said.n > $1 AND said.n <= $2 AND row.n <= $3",
      values: [from.outcome, to.outcome, to.execution],
    },
    {
      of: "outcomes",
      where: "row.n > $1 AND row.n <= $2 AND said.n <= $3",
      values: [from.execution, to.execution, from.outcome],
    },
  ];
}

/**
 * Adds the next rows and outcomes to the metrics and moves the watermark with them, in one transaction.
 *
 * @param count the most rows, and the most outcomes, of one piece.
 * @returns whether there is nothing left to do here: nothing after these, or another process at the same work.
 */
export function foldMetrics(core: PostgresCore, count = PIECE): Promise<boolean> {
  return core.transaction(async (connection) => {
    if (!(await tryLockStore(connection, "metrics"))) return true;
    const [row] = await connection.query("SELECT execution, outcome FROM @schema.measured");
    const from = row as unknown as LedgerEnds | undefined;
    const last = await ledgerEnds(connection);
    if (from === undefined || (from.execution >= last.execution && from.outcome >= last.outcome)) return true;
    const to: LedgerEnds = {
      execution: Math.min(last.execution, from.execution + count),
      outcome: Math.min(last.outcome, from.outcome + count),
    };
    const hours = await metricsByHour(connection, valuesBetween(from, to));
    for (const table of METRIC_TABLES) await addGroups(connection, table, inSlotsOf(table.unit, hours));
    await connection.query("UPDATE @schema.measured SET execution = $1, outcome = $2", [
      to.execution,
      to.outcome,
    ]);
    return to.execution === last.execution && to.outcome === last.outcome;
  }, BY_INDEX);
}

const KEYS = ["version", "slot", "scope", "model"] as const;
const PLACES = KEYS.map((_, index) => `$${index + 1}::int[]`).join(", ");

async function addGroups(
  { query }: Connection,
  { name }: MetricTable,
  groups: readonly MetricGroup[],
): Promise<void> {
  const columns = KEYS.map((key) => groups.map((group) => group.key[key]));
  const rows = await query(
    `SELECT asked.place, kept.metrics FROM unnest(${PLACES}) WITH ORDINALITY AS asked (${KEYS.join(", ")}, place)
     CROSS JOIN LATERAL (SELECT metrics FROM @schema.${name} AS kept
       WHERE ${KEYS.map((key) => `kept.${key} = asked.${key}`).join(" AND ")} LIMIT 1) AS kept`,
    columns,
  );
  const kept = new Map(rows.map((row) => [(row.place as number) - 1, row.metrics as Uint8Array]));
  const packed = groups.map(({ metrics }, index) => {
    const [known, added] = [kept.get(index), packMetrics(metrics)];
    return known === undefined ? added : addPacked(known, added);
  });
  await query(
    `INSERT INTO @schema.${name} (${KEYS.join(", ")}, metrics) SELECT * FROM unnest(${PLACES}, $5::bytea[])
     ON CONFLICT (${KEYS.join(", ")}) DO UPDATE SET metrics = excluded.metrics`,
    [...columns, packed.map((bytes) => Buffer.from(bytes))],
  );
}
