/** Keeps answers that were paid for in a file, so that a killed run and a later one need not pay for them again. */
import { gunzipSync, gzipSync } from "node:zlib";
import type { AnswerCache, KeptAnswer } from "@colophon/evaluation";
import { HarnessError } from "@colophon/kernel";

export interface AnswerStore extends AnswerCache {
  close(): void;
}

/** A new form of what is kept has a file of its own; what an older one holds is asked anew. */
const FORM = 1;
const BUSY_MS = 5_000;
/** From here on compression pays for its time. */
const LONG = 2_048;

/** @throws HarnessError `store-corrupt` for a file that holds something else. */
export function openAnswerStore(file: string): AnswerStore {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const db = new DatabaseSync(file);
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = ${BUSY_MS};`);
    const { user_version: form } = db.prepare("PRAGMA user_version").get() as {
      readonly user_version: number;
    };
    if (form !== FORM) {
      db.exec(`DROP TABLE IF EXISTS answer;
        CREATE TABLE answer (name BLOB PRIMARY KEY, body ANY NOT NULL) STRICT, WITHOUT ROWID;
        PRAGMA user_version = ${FORM};`);
    }
  } catch (cause) {
    db.close();
    throw new HarnessError(
      "store-corrupt",
      `${file} does not hold the answers of runs (${(cause as Error).message}); move it away, and they are asked anew.`,
      { cause },
    );
  }
  const find = db.prepare("SELECT body FROM answer WHERE name = ?");
  const keep = db.prepare("INSERT OR IGNORE INTO answer (name, body) VALUES (?, ?)");
  return {
    find(name) {
      const row = find.get(Buffer.from(name, "hex")) as { readonly body: string | Uint8Array } | undefined;
      return row === undefined ? undefined : (JSON.parse(unpacked(row.body)) as KeptAnswer);
    },
    keep(name, kept) {
      keep.run(Buffer.from(name, "hex"), packed(JSON.stringify(kept)));
    },
    close: () => db.close(),
  };
}

function packed(text: string): string | Uint8Array {
  return text.length < LONG ? text : gzipSync(text, { level: 1 });
}

function unpacked(body: string | Uint8Array): string {
  return typeof body === "string" ? body : gunzipSync(body).toString("utf8");
}
