/** The triggers by which the database itself holds records and rows append-only, as the first edition made them. */
import { DICTIONARIES } from "../shared/word-node.ts";

/** Tables whose rows are never changed nor deleted, with the unique columns that REPLACE could delete by. */
const APPEND_ONLY: readonly (readonly [table: string, ...uniques: readonly string[]])[] = [
  ["store", "one"],
  ["record", "revision"],
  ["text", "hash"],
  ["writer", "n", "id"],
  ["execution", "n", "at,rest"],
  ["outcome", "n", "at,rest"],
  ["start", "n", "at,rest"],
  ["gap", "n"],
  ["seal", "seq"],
  ...DICTIONARIES.map((table) => [table, "n", "body"] as const),
];

/** The body of a trigger that refuses a statement. */
export function refuse(what: string): string {
  return `BEGIN SELECT RAISE(ABORT, 'append-only: ${what}'); END`;
}

/**
 * REPLACE deletes without firing delete triggers (unless a pragma of the connection says otherwise),
 * so an insert that would meet a row is refused before it does.
 */
function noReplace(table: string, uniques: readonly string[]): string {
  const exists = uniques.map((columns) => {
    const same = columns.split(",").map((column) => `${column} = NEW.${column}`);
    return `EXISTS (SELECT 1 FROM ${table} WHERE ${same.join(" AND ")})`;
  });
  return `CREATE TRIGGER ${table}_no_replace BEFORE INSERT ON ${table} WHEN ${exists.join(" OR ")} ${refuse(`${table} holds this row already`)}`;
}

function appendOnly(table: string, uniques: readonly string[]): readonly string[] {
  return [
    `CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} ${refuse(`${table} is never updated`)}`,
    `CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table} ${refuse(`nothing is deleted from ${table}`)}`,
    noReplace(table, uniques),
  ];
}

// The one exception to append-only: erasing a subject empties its key and its id, and nothing else.
const SUBJECT: readonly string[] = [
  `CREATE TRIGGER subject_only_erased BEFORE UPDATE ON subject
WHEN NEW.n IS NOT OLD.n OR NEW.kind IS NOT OLD.kind OR NEW.pseudonym IS NOT OLD.pseudonym
  OR NEW.key IS NOT NULL OR NEW.value IS NOT NULL
${refuse("a subject is only ever erased")}`,
  `CREATE TRIGGER subject_no_delete BEFORE DELETE ON subject ${refuse("nothing is deleted from subject")}`,
  `CREATE TRIGGER subject_no_replace BEFORE INSERT ON subject
WHEN EXISTS (SELECT 1 FROM subject WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM subject WHERE pseudonym = NEW.pseudonym)
  OR EXISTS (SELECT 1 FROM subject WHERE kind = NEW.kind AND value = NEW.value)
${refuse("subject holds this row already")}`,
];

const CONTENT: readonly string[] = [
  `CREATE TRIGGER content_no_update BEFORE UPDATE ON content ${refuse("contents are deleted, never updated")}`,
  noReplace("content", ["execution"]),
];

const WATCH: readonly string[] = [
  `CREATE TRIGGER watch_forward BEFORE UPDATE ON watch WHEN NEW.revision < OLD.revision OR NEW.erasures < OLD.erasures
${refuse("watch only moves forward")}`,
  `CREATE TRIGGER watch_no_delete BEFORE DELETE ON watch ${refuse("nothing is deleted from watch")}`,
  noReplace("watch", ["one"]),
  `CREATE TRIGGER record_watched AFTER INSERT ON record BEGIN
  UPDATE watch SET revision = NEW.revision, erasures = erasures + (NEW.kind = 'erasure') WHERE one = 1;
END`,
];

/** Every trigger of the first edition, one statement each. */
export const GUARDS: readonly string[] = [
  ...APPEND_ONLY.flatMap(([table, ...uniques]) => appendOnly(table, uniques)),
  ...SUBJECT,
  ...CONTENT,
  ...WATCH,
];
