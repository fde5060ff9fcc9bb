/** Folds the newest rows into the ledger's sums, off the hot path, a bounded piece at a time. */
import { setTimeout as pause } from "node:timers/promises";
import { HarnessError } from "@colophon/kernel";
import { namesOf, type SumTable } from "../shared/sum-tables.ts";
import { foldMetrics } from "./fold-metrics.ts";
import { indexPiece } from "./index-ledger.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { withStoreErrors } from "./sqlite-error.ts";
import { columnsSql, FINEST, SUM_TABLES, sumsOfRows } from "./sums.ts";

/** Rows of one piece: a few milliseconds of the event loop, half of them under the write lock. */
const PIECE_ROWS = 512;
/** Between two pieces the application has the event loop for itself, and others the write lock. */
export const FOLD_PAUSE_MS = 20;
/** What a process may spend on folding before it ends; a short-lived one has a few rows to fold. */
export const LAST_FOLD_MS = 100;

/**
 * Where the fold stands: every row up to this number is in the sums, and none after it.
 *
 * @throws HarnessError `store-corrupt` when somebody took the watermark away.
 */
export function foldedRows(core: Pick<SqliteCore, "prepare" | "file">): number {
  const folded = watermark(core);
  if (folded !== undefined) return folded;
  throw new HarnessError(
    "store-corrupt",
    `The store ${core.file} lost the watermark of its sums; restore it from a copy.`,
  );
}

function watermark({ prepare }: Pick<SqliteCore, "prepare">): number | undefined {
  return (prepare("SELECT n FROM folded").get() as { n: number } | undefined)?.n;
}

function lastRow(core: Pick<SqliteCore, "prepare">): number {
  return (core.prepare("SELECT ifnull(max(n), 0) AS n FROM execution").get() as { n: number }).n;
}

/** The sums of one piece lie here until they are added. */
const PIECE = `temp.${FINEST.name}`;
const MAKE_PIECE = `CREATE TABLE IF NOT EXISTS ${PIECE} (${columnsSql(FINEST)})`;
const EMPTY_PIECE = `DELETE FROM ${PIECE}`;
/** Of the rows after number ? up to number ?, which no lock needs to be held for: rows never change. */
const GATHER = `INSERT INTO ${PIECE} ${sumsOfRows(FINEST, "row.n > ? AND row.n <= ?")}`;

/** Sums of the piece that are one in the table are added one after the other. */
function addSql({ name, unit, keys, sums }: SumTable): string {
  const columns = [...namesOf(keys), ...namesOf(sums)].map((column) =>
    column === "slot" ? `slot / ${unit / FINEST.unit}` : column,
  );
  const added = namesOf(sums).map((column) => `${column} = ${column} + excluded.${column}`);
  return `INSERT INTO ${name} SELECT ${columns.join(", ")} FROM ${PIECE} WHERE true
    ON CONFLICT DO UPDATE SET ${added.join(", ")}`;
}

const ADD = SUM_TABLES.map(addSql);

/**
 * One piece of the sums or, where the sums are done, of the metrics.
 *
 * @param rows the most rows of one piece of the sums.
 * @returns whether there is nothing left to do here: no row after these, or another process at the same work.
 */
export function foldPiece(core: SqliteCore, rows = PIECE_ROWS): boolean {
  return foldSums(core, rows) && foldMetrics(core);
}

/**
 * Adds the next rows to the sums and moves the watermark with them, in one transaction. Where somebody
 * took the watermark away it does nothing: that is for readers to hear, and must not keep rows waiting.
 *
 * @returns whether there is nothing left to do here: no row after these, or another process at the same work.
 */
function foldSums(core: SqliteCore, rows: number): boolean {
  const from = watermark(core);
  const last = lastRow(core);
  if (from === undefined || from >= last) return true;
  const to = Math.min(last, from + rows);
  core.db.exec(MAKE_PIECE);
  core.prepare(EMPTY_PIECE).run();
  core.prepare(GATHER).run(from, to);
  return core.transaction(() => {
    if (watermark(core) !== from) return true;
    for (const sql of ADD) core.prepare(sql).run();
    core.prepare("UPDATE folded SET n = ?").run(to);
    return to === last;
  });
}

/** Indexes and folds what there is, for at most so many milliseconds; what is left then is the next one's. */
export async function foldLedger(
  core: SqliteCore,
  { busyTotal, limit }: { readonly busyTotal?: number; readonly limit: number },
): Promise<void> {
  const deadline = performance.now() + limit;
  const piece = (): boolean => indexPiece(core) && foldPiece(core);
  while (!(await retryBusy(() => withStoreErrors(core.file, piece), busyTotal))) {
    if (performance.now() >= deadline) return;
    await pause(1);
  }
}
