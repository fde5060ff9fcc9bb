/** The way from any older edition of the store to this one: plain SQL, forward only, under the write lock. */
import { EDITION_2 } from "./edition-2.ts";
import { EDITION_3 } from "./edition-3.ts";
import { EDITION_4 } from "./edition-4.ts";
import { GUARDS } from "./guards.ts";
import type { DatabaseSync } from "./node-sqlite.ts";
import { TABLES } from "./schema.ts";

/** "Clph", so that a file says what it is. */
export const APPLICATION_ID = 0x436c7068;

/** Statements that lead from edition `index` to `index + 1`. */
const MIGRATIONS: readonly (readonly string[])[] = [[TABLES, ...GUARDS], EDITION_2, EDITION_3, EDITION_4];

export const EDITION = MIGRATIONS.length;

/** The edition a database stands at; 0 for an empty one. */
export function editionOf(db: DatabaseSync): number {
  return Number((db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version);
}

/** Brings the schema up to date. To be called inside a write transaction. */
export function migrate(db: DatabaseSync): void {
  for (const statements of MIGRATIONS.slice(editionOf(db))) for (const sql of statements) db.exec(sql);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${EDITION}`);
}
