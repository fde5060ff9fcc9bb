/** Folds the newest rows and outcomes into the ledger's metrics, off the hot path, a bounded piece at a time. */
import { HarnessError } from "@colophon/kernel";
import { inSlotsOf, type MetricGroup, MetricHours } from "../shared/metric-groups.ts";
import { addPacked, packMetrics } from "../shared/packed-metrics.ts";
import { addValues } from "./metric-groups.ts";
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

/** Rows of one piece: some milliseconds of the event loop, few of them under the write lock. */
const PIECE_ROWS = 512;

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

interface Piece {
  readonly to: LedgerEnds;
  readonly hours: readonly MetricGroup[];
}

/**
 * What comes after a watermark: so many rows and half as many outcomes, or fewer where they are of many
 * groups. No lock needs to be held for it: rows and outcomes never change.
 */
function gatherPiece(
  core: SqliteCore,
  { from, last }: Record<"from" | "last", LedgerEnds>,
  rows: number,
): Piece {
  // The row of an outcome has to be looked up, and a group to be read and written again.
  const half = Math.ceil(rows / 2);
  const hours = new MetricHours();
  const endOfRows = Math.min(last.execution, from.execution + rows);
  const execution =
    addValues(core, hours, {
      of: "rows",
      where: "row.n > ? AND row.n <= ? ORDER BY row.n",
      values: [from.execution, endOfRows],
      most: half,
    }) ?? endOfRows;
  const endOfOutcomes = Math.min(last.outcome, from.outcome + half);
  const outcome =
    addValues(core, hours, {
      of: "outcomes",
      where: "said.n > ? AND said.n <= ? AND +row.n <= ? ORDER BY said.n",
      values: [from.outcome, endOfOutcomes, execution],
      most: hours.size + half,
    }) ?? endOfOutcomes;
  // Those that came before their rows.
  addValues(core, hours, {
    of: "outcomes-by-row",
    where: "row.n > ? AND row.n <= ? AND +said.n <= ?",
    values: [from.execution, execution, from.outcome],
  });
  return { to: { execution, outcome }, hours: hours.groups };
}

/**
 * Adds the next rows and outcomes to the metrics and moves the watermark with them, in one transaction.
 * Where somebody took the watermark away it does nothing: that is for readers to hear.
 *
 * @param rows the most rows of one piece.
 * @returns whether there is nothing left to do here: nothing after these, or another process at the same work.
 */
export function foldMetrics(core: SqliteCore, rows = PIECE_ROWS): boolean {
  const from = watermark(core);
  const last = ledgerEnds(core);
  if (from === undefined || (from.execution >= last.execution && from.outcome >= last.outcome)) return true;
  // Nobody adds to a sum without moving the watermark, so all can be added up before the lock is taken.
  const { to, sums } = core.reading(() => {
    const { to, hours } = gatherPiece(core, { from, last }, rows);
    return {
      to,
      sums: METRIC_TABLES.flatMap((table) => addedSums(core, table, inSlotsOf(table.unit, hours))),
    };
  });
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
    const added = packMetrics(metrics);
    const known = prepare(find).get(...keyValues(key)) as MetricRow | undefined;
    const sum = known === undefined ? added : addPacked(known.metrics, added);
    return { sql, values: [...keyValues(key), sum] };
  });
}
