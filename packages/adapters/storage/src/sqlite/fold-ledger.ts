/** Folds the newest rows into the ledger's sums, off the hot path, a bounded piece at a time. */
import { setTimeout as pause } from "node:timers/promises";
import { HarnessError } from "@colophon/kernel";
import { namesOf, type SumTable, sumsOfSums } from "../shared/sum-tables.ts";
import { foldMetrics } from "./fold-metrics.ts";
import { indexPiece } from "./index-ledger.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { withStoreErrors } from "./sqlite-error.ts";
import { columnsSql, SUM_TABLES, sumsOfRows } from "./sums.ts";

/** Rows of one piece: a few milliseconds of the event loop, half of them under the write lock. */
const PIECE_ROWS = 256;
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
function pieceOf({ name }: SumTable): string {
  return `temp.piece_of_${name}`;
}

/** Adds the rows after number ? up to number ?, which no lock needs to be held for: rows never change. */
function gatherSql(table: SumTable): string {
  return `INSERT INTO ${pieceOf(table)} ${sumsOfRows(table, "row.n > ? AND row.n <= ?")}`;
}

function addSql(table: SumTable): string {
  const source =
    table.of === null ? `SELECT * FROM ${pieceOf(table)} WHERE true` : sumsOfSums(table, pieceOf(table.of));
  const added = namesOf(table.sums).map((name) => `${name} = ${name} + excluded.${name}`);
  return `INSERT INTO ${table.name} ${source} ON CONFLICT DO UPDATE SET ${added.join(", ")}`;
}

const GATHERED = SUM_TABLES.filter(({ of }) => of === null);
const GATHER = GATHERED.map(gatherSql);
const ADD = SUM_TABLES.map(addSql);
const MAKE_PIECES = GATHERED.map(
  (table) => `CREATE TABLE IF NOT EXISTS ${pieceOf(table)} (${columnsSql(table)})`,
).join("; ");
const EMPTY_PIECES = GATHERED.map((table) => `DELETE FROM ${pieceOf(table)}`).join("; ");

/**
 * One piece of the sums or, where the sums are done, of the metrics.
 *
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
  core.db.exec(`${MAKE_PIECES}; ${EMPTY_PIECES}`);
  for (const sql of GATHER) core.prepare(sql).run(from, to);
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
