/** A store as an older edition of Colophon left it: its own tables and triggers, and sums that it kept. */
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { APPLICATION_ID } from "./migrations.ts";
import { filledStore, type StoreFolder } from "./store-folder.fixture.ts";

/** What a store that is made now cannot fill: a row that is there before the others, and sums that a trigger keeps. */
const NOT_COPIED = {
  1: ["watch", "rollup"],
  2: ["watch"],
  3: ["watch"],
} as const;

/** Rows and records have not changed since, so those of a filled store are put into the old tables one by one. */
export async function olderStore(folder: StoreFolder, edition: keyof typeof NOT_COPIED): Promise<void> {
  const newer = { ...folder, file: `${folder.file}.newer` };
  await filledStore(newer);
  const schema = fileURLToPath(new URL(`edition-${edition}.fixture.sql`, import.meta.url));
  const db = new DatabaseSync(folder.file, { enableForeignKeyConstraints: false });
  db.exec("PRAGMA page_size = 2048; PRAGMA journal_mode = WAL");
  db.exec(readFileSync(schema, "utf8"));
  db.prepare("ATTACH ? AS newer").run(newer.file);
  db.exec("BEGIN");
  // Before the log's first record there is the row that its trigger moves.
  db.exec("INSERT INTO watch (one, revision, erasures) VALUES (1, 0, 0)");
  for (const table of tablesOf(db)) {
    if (NOT_COPIED[edition].some((name) => name === table)) continue;
    const columns = columnsOf(db, table).join(", ");
    db.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM newer.${table} ORDER BY 1`);
  }
  db.exec(
    `COMMIT; DETACH newer; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${edition}`,
  );
  db.close();
}

function tablesOf(db: DatabaseSync): readonly string[] {
  const tables = db.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'");
  return tables.all().map(({ name }) => String(name));
}

/** Generated columns are not listed. */
function columnsOf(db: DatabaseSync, table: string): readonly string[] {
  const columns = db.prepare(`SELECT name FROM pragma_table_info('${table}', 'main')`).all();
  return columns.map(({ name }) => String(name));
}
