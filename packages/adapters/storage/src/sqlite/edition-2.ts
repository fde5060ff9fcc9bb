/** What leads a store of the first edition to the second: sums with the dimensions of costs, folded off the hot path. */

import { namesOf, type SumTable } from "../shared/sum-tables.ts";
import { refuse } from "./guards.ts";
import { columnsSql, SUM_TABLES } from "./sums.ts";

function createSums(table: SumTable): string {
  const keys = namesOf(table.keys).join(", ");
  return `CREATE TABLE ${table.name} (${columnsSql(table)}, PRIMARY KEY (${keys})) STRICT, WITHOUT ROWID`;
}

/** The watermark of the sums: they are those of every row up to it, and of no other. */
const FOLDED: readonly string[] = [
  "CREATE TABLE folded (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL) STRICT",
  // No row is read: opening stays fast on a large store, and readers add what is not folded yet.
  "INSERT INTO folded (one, n) VALUES (1, 0)",
  `CREATE TRIGGER folded_forward BEFORE UPDATE ON folded
WHEN NEW.one <> OLD.one OR NEW.n < OLD.n OR NEW.n > (SELECT ifnull(max(n), 0) FROM execution)
${refuse("folded only moves forward, along the rows")}`,
  `CREATE TRIGGER folded_no_delete BEFORE DELETE ON folded ${refuse("nothing is deleted from folded")}`,
  noSecond("folded"),
];

/** A pragma of the connection can turn checks off, so a table of one row needs more than its check. */
export function noSecond(table: string): string {
  return `CREATE TRIGGER ${table}_no_second BEFORE INSERT ON ${table} WHEN EXISTS (SELECT 1 FROM ${table})
${refuse(`${table} holds its one row already`)}`;
}

const ONE_ROW: readonly string[] = [
  noSecond("store"),
  noSecond("watch"),
  `CREATE TRIGGER watch_one BEFORE UPDATE ON watch WHEN NEW.one <> OLD.one ${refuse("watch keeps its one row")}`,
];

/**
 * A row's number is the next one, so that none ever comes in below the watermark, and none is so large
 * that SQLite would have to draw those after it by lot. In a trigger before an insert that leaves the number to SQLite it reads as -1, and costs no look-up; the
 * trigger after the insert sees the number that it came to.
 *
 * Neither aborts: where a trigger might, SQLite keeps a journal of every page that the statement touches,
 * which costs a row more than all else about its guards. Before the insert there is nothing yet to undo,
 * so the statement just fails; after it the whole transaction goes, and nobody honest ever comes there.
 */
const NUMBERS: readonly string[] = [
  "DROP TRIGGER execution_no_replace",
  `CREATE TRIGGER execution_no_replace BEFORE INSERT ON execution
WHEN (NEW.n <> -1 AND NEW.n <> (SELECT ifnull(max(n), 0) + 1 FROM execution))
  OR EXISTS (SELECT 1 FROM execution WHERE at = NEW.at AND rest = NEW.rest)
BEGIN SELECT RAISE(FAIL, 'append-only: execution holds this row already, or has another number for it'); END`,
  `CREATE TRIGGER execution_numbered AFTER INSERT ON execution WHEN NEW.n < 1
BEGIN SELECT RAISE(ROLLBACK, 'append-only: rows of execution are numbered from 1 on'); END`,
];

export const EDITION_2: readonly string[] = [
  "DROP TRIGGER IF EXISTS execution_rolled_up",
  "DROP TABLE IF EXISTS rollup",
  ...FOLDED,
  ...SUM_TABLES.map(createSums),
  ...NUMBERS,
  ...ONE_ROW,
];
