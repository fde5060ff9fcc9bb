/** What leads a store of the third edition to the fourth: rows enter their indexes afterwards, off the hot path. */
import { noSecond } from "./edition-2.ts";
import { refuse } from "./guards.ts";
import { LATE_COLUMNS, type LateColumn, lateIndexOf } from "./late-indexes.ts";

/**
 * Each index that SQLite keeps itself is a page more that every row writes into the log. What is left to
 * it is the index of ids, which keeps a row from being stored twice and grows at its end alone.
 */
function lateIndex(column: LateColumn): readonly string[] {
  const name = lateIndexOf(column);
  return [
    `DROP INDEX ${name}`,
    `CREATE TABLE ${name} (${column} INTEGER NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (${column}, at, n)) STRICT, WITHOUT ROWID`,
    `CREATE TRIGGER ${name}_no_update BEFORE UPDATE ON ${name} ${refuse(`${name} is never updated`)}`,
    `CREATE TRIGGER ${name}_no_delete BEFORE DELETE ON ${name} ${refuse(`nothing is deleted from ${name}`)}`,
  ];
}

/** The watermark of the indexes: in them is every row up to it, and no other. */
const INDEXED: readonly string[] = [
  "CREATE TABLE indexed (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL) STRICT",
  // No row is read: opening stays fast on a large store, and readers look through what is not indexed yet.
  "INSERT INTO indexed (one, n) VALUES (1, 0)",
  `CREATE TRIGGER indexed_forward BEFORE UPDATE ON indexed
WHEN NEW.one <> OLD.one OR NEW.n < OLD.n OR NEW.n > (SELECT ifnull(max(n), 0) FROM execution)
${refuse("indexed only moves forward, along the rows")}`,
  `CREATE TRIGGER indexed_no_delete BEFORE DELETE ON indexed ${refuse("nothing is deleted from indexed")}`,
  noSecond("indexed"),
];

export const EDITION_4: readonly string[] = [
  // The old indexes hold numbers and times alone: overwriting each of their pages would only take time.
  "PRAGMA secure_delete = OFF",
  ...LATE_COLUMNS.flatMap(lateIndex),
  "PRAGMA secure_delete = ON",
  ...INDEXED,
];
