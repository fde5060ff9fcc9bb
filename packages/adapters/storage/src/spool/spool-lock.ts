/** An exclusive lock on a spool, held by the operating system for as long as its process lives. */
import { loadNodeSqlite } from "../sqlite/node-sqlite.ts";
import { sqliteTrouble } from "../sqlite/sqlite-error.ts";

export interface SpoolLock {
  release(): void;
}

/**
 * The lock, or undefined while another owner (in whatever process or container) holds it.
 *
 * Node knows no file locks, SQLite does: an empty database held exclusively. Unlike a process id in
 * a file it cannot outlive its process, and two who come for a dead one's spool cannot both get it.
 */
export function lockSpool(path: string): SpoolLock | undefined {
  const { DatabaseSync } = loadNodeSqlite();
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if (sqliteTrouble(error) === "busy") return undefined;
    throw error;
  }
  return { release: () => db.close() };
}
