/** An exclusive lock on a spool, held by the operating system for as long as its process lives. */
import { loadNodeSqlite } from "../sqlite/node-sqlite.ts";
import { sqliteTrouble } from "../sqlite/sqlite-error.ts";

export interface SpoolLock {
  release(): void;
}

/**
 * The lock, or undefined while another owner (in whatever process or container) holds it.
 *
 * Node knows no file locks, SQLite does: an empty database held for writing. Unlike a process id in
 * a file it cannot outlive its process, and of several who come for a dead one's spool exactly one gets
 * it. Held exclusively it would not be so: for that SQLite wants all readers gone, everybody begins as a
 * reader, and two who come together would each meet the other and both go away.
 */
export function lockSpool(path: string): SpoolLock | undefined {
  const { DatabaseSync } = loadNodeSqlite();
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE");
  } catch (error) {
    db.close();
    if (sqliteTrouble(error) === "busy") return undefined;
    throw error;
  }
  return { release: () => db.close() };
}
