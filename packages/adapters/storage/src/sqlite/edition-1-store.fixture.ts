/** A store as the first edition of Colophon left it: its own tables and triggers, and sums that its trigger kept. */
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { APPLICATION_ID } from "./migrations.ts";
import { filledStore, type StoreFolder } from "./store-folder.fixture.ts";

const SCHEMA = readFileSync(fileURLToPath(new URL("edition-1.fixture.sql", import.meta.url)), "utf8");

/** Rows and records have not changed since, so those of a filled store are put into the old tables one by one. */
export async function editionOneStore(folder: StoreFolder): Promise<void> {
  const newer = { ...folder, file: `${folder.file}.newer` };
  await filledStore(newer);
  const db = new DatabaseSync(folder.file, { enableForeignKeyConstraints: false });
  db.exec("PRAGMA page_size = 2048; PRAGMA journal_mode = WAL");
  db.exec(SCHEMA);
  db.prepare("ATTACH ? AS newer").run(newer.file);
  db.exec("BEGIN");
  // Before the log's first record there is the row that its trigger moves.
  db.exec("INSERT INTO watch (one, revision, erasures) VALUES (1, 0, 0)");
  for (const table of tablesOf(db)) {
    const columns = columnsOf(db, table).join(", ");
    db.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM newer.${table} ORDER BY 1`);
  }
  db.exec(`COMMIT; DETACH newer; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`);
  db.close();
}

function tablesOf(db: DatabaseSync): readonly string[] {
  const tables = db.prepare(
    "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT IN ('watch', 'rollup')",
  );
  return tables.all().map(({ name }) => String(name));
}

/** Generated columns are not listed. */
function columnsOf(db: DatabaseSync, table: string): readonly string[] {
  const columns = db.prepare(`SELECT name FROM pragma_table_info('${table}', 'main')`).all();
  return columns.map(({ name }) => String(name));
}
