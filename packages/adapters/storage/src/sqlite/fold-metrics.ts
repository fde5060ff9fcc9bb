/** Folds the newest rows and outcomes into the ledger's metrics, off the hot path, a bounded piece at a time. */
import { HarnessError } from "@colophon/kernel";
import { inSlotsOf, type MetricGroup, mergeMetrics } from "../shared/metric-groups.ts";
import { packMetrics, unpackMetrics } from "../shared/packed-metrics.ts";
import { type MetricValues, metricsByHour } from "./metric-groups.ts";
import {
  findMetricsSql,
  keyValues,
  METRIC_TABLES,
  type MetricRow,
  type MetricTable,
  setMetricsSql,
} from "./metric-sums.ts";
import type { SqlValue } from "./node-sqlite.ts";
import type { SqliteCore } from "./sqlite-core.ts";

/** The numbers of a row and of an outcome. */
export interface LedgerEnds {
  readonly execution: number;
  readonly outcome: number;
}

/** Rows and outcomes of one piece: some milliseconds of the event loop, few of them under the write lock. */
const PIECE = 256;

/**
 * Where the fold stands: every row up to this number is in the metrics, and every outcome up to this
 * number whose row is. An outcome that came before its row is taken in with it.
 *
 * @throws HarnessError `store-corrupt` when somebody took the watermark away.
 */
export function measuredEnds(core: Pick<SqliteCore, "prepare" | "file">): LedgerEnds {
  const ends = watermark(core);
  if (ends !== undefined) return ends;
  throw new HarnessError(
    "store-corrupt",
    `The store ${core.file} lost the watermark of its metrics; restore it from a copy.`,
  );
}

function watermark({ prepare }: Pick<SqliteCore, "prepare">): LedgerEnds | undefined {
  return prepare("SELECT execution, outcome FROM measured").get() as LedgerEnds | undefined;
}

/** The last row and the last outcome. */
export function ledgerEnds({ prepare }: Pick<SqliteCore, "prepare">): LedgerEnds {
  return prepare(
    `SELECT (SELECT ifnull(max(n), 0) FROM execution) AS execution,
     (SELECT ifnull(max(n), 0) FROM outcome) AS outcome`,
  ).get() as unknown as LedgerEnds;
}

/** What lies between two watermarks, which no lock needs to be held for: rows and outcomes never change. */
function valuesBetween(from: LedgerEnds, to: LedgerEnds): readonly MetricValues[] {
  return [
    { of: "rows", where: "row.n > ? AND row.n <= ?", values: [from.execution, to.execution] },
    {
      of: "outcomes",
      where: "said.n > ? AND said.n <= ? AND +row.n <= ?",
      values: [from.outcome, to.outcome, to.execution],
    },
    {
      of: "outcomes-by-row",
      where: "row.n > ? AND row.n <= ? AND +said.n <= ?",
      values: [from.execution, to.execution, from.outcome],
    },
  ];
}

/**
 * Adds the next rows and outcomes to the metrics and moves the watermark with them, in one transaction.
 * Where somebody took the watermark away it does nothing: that is for readers to hear.
 *
 * @param count the most rows, and the most outcomes, of one piece.
 * @returns whether there is nothing left to do here: nothing after these, or another process at the same work.
 */
export function foldMetrics(core: SqliteCore, count = PIECE): boolean {
  const from = watermark(core);
  const last = ledgerEnds(core);
  if (from === undefined || (from.execution >= last.execution && from.outcome >= last.outcome)) return true;
  const to: LedgerEnds = {
    execution: Math.min(last.execution, from.execution + count),
    outcome: Math.min(last.outcome, from.outcome + count),
  };
  // Nobody adds to a sum without moving the watermark, so all can be added up before the lock is taken.
  const hours = metricsByHour(core, valuesBetween(from, to));
  const sums = METRIC_TABLES.flatMap((table) => addedSums(core, table, inSlotsOf(table.unit, hours)));
  return core.transaction(() => {
    const now = watermark(core);
    if (now?.execution !== from.execution || now.outcome !== from.outcome) return true;
    for (const { sql, values } of sums) core.prepare(sql).run(...values);
    core.prepare("UPDATE measured SET execution = ?, outcome = ?").run(to.execution, to.outcome);
    return to.execution === last.execution && to.outcome === last.outcome;
  });
}

interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** What writes these groups, added to what the table has of them. */
function addedSums(
  { prepare }: SqliteCore,
  table: MetricTable,
  groups: readonly MetricGroup[],
): readonly Statement[] {
  const find = findMetricsSql(table);
  const sql = setMetricsSql(table);
  return groups.map(({ key, metrics }) => {
    const known = prepare(find).get(...keyValues(key)) as MetricRow | undefined;
    const sum = known === undefined ? metrics : mergeMetrics(unpackMetrics(known.metrics), metrics);
    return { sql, values: [...keyValues(key), packMetrics(sum)] };
  });
}
