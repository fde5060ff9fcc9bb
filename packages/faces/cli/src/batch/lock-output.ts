/** Keeps an output to one run at a time, by a lock that the operating system lets go of with its process. */
import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { HarnessError } from "@colophon/kernel";

/** Extended codes of SQLite have the plain one in their low byte. */
const BUSY = 5;

/**
 * Node knows no file locks, SQLite does: an empty database beside the output, held exclusively.
 *
 * @returns what lets go of it.
 * @throws HarnessError `usage` while another run holds it, or where nothing can be written.
 */
export function lockOutput(file: string): () => void {
  const lock = `${file}.lock`;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(lock);
    db.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (cause) {
    db?.close();
    const { errcode = 0 } = cause as { readonly errcode?: number };
    const why =
      (errcode & 0xff) === BUSY
        ? `is being written by another run; wait for its end, or name another --out.`
        : `cannot be written; name a place that can.`;
    throw new HarnessError("usage", `The output ${file} ${why}`, { cause });
  }
  return () => {
    db.close();
    rmSync(lock, { force: true });
  };
}
