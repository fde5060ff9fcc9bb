/** Enters the newest rows into the ledger's late indexes, off the hot path, a bounded piece at a time. */
import { indexWatermark, LATE_COLUMNS, type LateColumn, lateIndexOf } from "./late-indexes.ts";
import type { SqliteCore } from "./sqlite-core.ts";

/** Rows of one piece: some milliseconds of the event loop, all of them under the write lock. */
const PIECE_ROWS = 512;

/** In the order of the index, so that rows that lie on one page of it write the page once. */
function enterSql(column: LateColumn): string {
  // What ignores nothing, or fails, might have to be undone, for which SQLite would keep a journal of its own.
  return `INSERT OR IGNORE INTO ${lateIndexOf(column)} (${column}, at, n)
    SELECT ${column}, at, n FROM execution WHERE n > ? AND n <= ? AND ${column} IS NOT NULL ORDER BY 1, 2, 3`;
}

const ENTER = LATE_COLUMNS.map(enterSql);

/**
 * Enters the next rows and moves the watermark with them, in one transaction. Where somebody took the
 * watermark away it does nothing: that is for readers to hear, and must not keep rows waiting.
 *
 * @returns whether there is nothing left to do here: no row after these, or another process at the same work.
 */
export function indexPiece(core: SqliteCore, rows = PIECE_ROWS): boolean {
  const from = indexWatermark(core);
  const { last } = core.prepare("SELECT ifnull(max(n), 0) AS last FROM execution").get() as { last: number };
  if (from === undefined || from >= last) return true;
  const to = Math.min(last, from + rows);
  return core.transaction(() => {
    if (indexWatermark(core) !== from) return true;
    for (const sql of ENTER) core.prepare(sql).run(from, to);
    core.prepare("UPDATE indexed SET n = ?").run(to);
    return to === last;
  });
}
