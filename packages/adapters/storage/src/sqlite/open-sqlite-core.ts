/** Opens the embedded store: creates and migrates it where asked, and says in one sentence why it cannot. */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type Clock,
  createIdSource,
  HarnessError,
  type IdSource,
  type RandomSource,
  systemRandom,
} from "@colophon/kernel";
import { toHex } from "../shared/bytes.ts";
import { FIRST_RECORDS } from "../shared/first-records.ts";
import { makeFolder } from "./make-folder.ts";
import { APPLICATION_ID, EDITION, editionOf, migrate } from "./migrations.ts";
import { type DatabaseSync, loadNodeSqlite } from "./node-sqlite.ts";
import { appendRecords } from "./registry-log.ts";
import { createSqliteCore, rollback, type SqliteCore, type StoreMode } from "./sqlite-core.ts";
import { sqliteTrouble, withStoreErrors } from "./sqlite-error.ts";

export interface SqliteCoreOptions {
  readonly file: string;
  /** `read` never writes, `write` wants the store to be there, `create` makes it where it is missing. */
  readonly mode: StoreMode;
  readonly clock: Clock;
  readonly ids?: IdSource;
  readonly random?: RandomSource;
  /** Milliseconds a statement may wait for another process's lock; 10 unless given. */
  readonly busyTimeout?: number;
  /** Milliseconds that opening may wait in all; 2,000 unless given. */
  readonly openTimeout?: number;
  /** `kill` survives the end of the process, `power-loss` that of the machine, at the price of an fsync per row. */
  readonly durability?: "kill" | "power-loss";
}

const BUSY_TIMEOUT_MS = 10;
const OPEN_TIMEOUT_MS = 2000;
const RETRY_PAUSE_MS = 3;
const PAGE_BYTES = 2048;
/** Pages of WAL at which SQLite checkpoints by itself, on the hot path: a backstop, the checkpointer is earlier. */
const AUTOCHECKPOINT_PAGES = 65_536;

/**
 * @throws HarnessError `store-unavailable`, `store-read-only`, `store-busy`, `store-corrupt`,
 * `store-newer`, `store-unsupported` or `node-too-old`.
 */
export function openSqliteCore(options: SqliteCoreOptions): SqliteCore {
  const { file, mode } = options;
  const { DatabaseSync } = loadNodeSqlite();
  prepareFolder(file, mode);
  const db = withStoreErrors(file, () => openDatabase(DatabaseSync, options));
  try {
    return withStoreErrors(file, () => setUp(db, options));
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepareFolder(file: string, mode: StoreMode): void {
  if (existsSync(file)) return;
  if (mode !== "create") {
    throw new HarnessError(
      "store-unavailable",
      `There is no store at ${file}; \`colophon init\` or the first write makes one.`,
    );
  }
  const folder = dirname(file);
  try {
    makeFolder(folder);
    // The store holds the key of every pseudonym: for its owner alone, and not for the repository around it.
    closeSync(openSync(file, "a", 0o600));
    if (basename(folder) === ".colophon") writeFileSync(join(folder, ".gitignore"), "*\n");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const readOnly = code === "EROFS" || code === "EACCES" || code === "EPERM";
    throw new HarnessError(
      readOnly ? "store-read-only" : "store-unavailable",
      `The store ${file} cannot be made (${code}); give the store a place that can be written.`,
      { cause: error },
    );
  }
}

function openDatabase(
  Database: typeof DatabaseSync,
  { file, mode, busyTimeout }: SqliteCoreOptions,
): DatabaseSync {
  if (mode !== "read") return new Database(file, { enableForeignKeyConstraints: false });
  const db = new Database(file, { readOnly: true });
  try {
    db.exec(`PRAGMA busy_timeout = ${busyTimeout ?? BUSY_TIMEOUT_MS}`);
    editionOf(db);
    return db;
  } catch (error) {
    db.close();
    const trouble = sqliteTrouble(error);
    // In WAL mode a reader, too, wants to write beside the file. Where it may not and no log lies there,
    // the file alone is the whole store and nobody is changing it.
    if ((trouble !== "unavailable" && trouble !== "read-only") || existsSync(`${realpathSync(file)}-wal`))
      throw error;
    return openImmutable(Database, file);
  }
}

function openImmutable(Database: typeof DatabaseSync, file: string): DatabaseSync {
  try {
    return new Database(`${pathToFileURL(file).href}?immutable=1`, { readOnly: true });
  } catch (error) {
    try {
      return openCopy(Database, file);
    } catch {
      throw error;
    }
  }
}

/** Before 22.15 Node takes no URI, and with it no word that the file stands still: a copy beside nobody's log does. */
function openCopy(Database: typeof DatabaseSync, file: string): DatabaseSync {
  const folder = mkdtempSync(join(tmpdir(), "colophon-"));
  try {
    const copy = join(folder, "store.db");
    const bytes = readFileSync(file);
    // The header's write and read versions, 2 in WAL mode, 1 without: the copy then needs nothing beside it.
    bytes[18] = bytes[19] = 1;
    writeFileSync(copy, bytes, { mode: 0o600 });
    const db = new Database(copy, { readOnly: true });
    editionOf(db);
    return db;
  } finally {
    // The open connection keeps what it reads; nothing of the copy stays behind.
    rmSync(folder, { recursive: true, force: true });
  }
}

function setUp(db: DatabaseSync, options: SqliteCoreOptions): SqliteCore {
  const { file, mode, clock } = options;
  db.exec(`PRAGMA busy_timeout = ${options.busyTimeout ?? BUSY_TIMEOUT_MS}`);
  const deadline = performance.now() + (options.openTimeout ?? OPEN_TIMEOUT_MS);
  const edition = retryWhileBusy(deadline, () => checkEdition(db, file));
  if (mode === "read") {
    if (edition < EDITION) throw notReadyToRead(file, edition);
  } else {
    retryWhileBusy(deadline, () => useWriteAheadLog(db));
    db.exec(`PRAGMA synchronous = ${options.durability === "power-loss" ? "FULL" : "NORMAL"}`);
    db.exec(
      `PRAGMA wal_autocheckpoint = ${AUTOCHECKPOINT_PAGES}; PRAGMA secure_delete = ON; PRAGMA cache_size = -16000`,
    );
    if (edition < EDITION) retryWhileBusy(deadline, () => migrateUnderLock(db, options));
    else refuseReadOnly(db);
  }
  const { secret } = db.prepare("SELECT secret FROM store").get() as { secret: Uint8Array };
  const random = options.random ?? systemRandom;
  const ids = options.ids ?? createIdSource({ clock, random });
  return createSqliteCore({ file, mode, db, clock, random, ids, secret: toHex(secret) });
}

function notReadyToRead(file: string, edition: number): HarnessError {
  return edition === 0
    ? new HarnessError(
        "store-unavailable",
        `${file} is empty, no store yet; \`colophon init\` or the first write makes one.`,
      )
    : new HarnessError(
        "store-unsupported",
        `The store ${file} is of edition ${edition}, this Colophon reads ${EDITION}; any write brings it up to date.`,
      );
}

function checkEdition(db: DatabaseSync, file: string): number {
  const { application_id: application } = db.prepare("PRAGMA application_id").get() as {
    application_id: number;
  };
  const edition = editionOf(db);
  if (application === APPLICATION_ID) {
    if (edition <= EDITION) return edition;
    throw new HarnessError(
      "store-newer",
      `The store ${file} was written by a newer Colophon (edition ${edition}, this one knows ${EDITION}); update Colophon.`,
    );
  }
  const { tables } = db.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as { tables: number };
  if (tables === 0 && edition === 0) return 0;
  // Another process may have created it between the two reads.
  const again = db.prepare("PRAGMA application_id").get() as { application_id: number };
  if (again.application_id === APPLICATION_ID) return checkEdition(db, file);
  throw new HarnessError(
    "store-unsupported",
    `${file} is a SQLite database of something else; give the store a file of its own.`,
  );
}

function useWriteAheadLog(db: DatabaseSync): void {
  const { journal_mode: before } = db.prepare("PRAGMA journal_mode").get() as { journal_mode: string };
  if (before === "wal") return;
  // Every commit writes whole pages to the log, so small ones make the ledger's hot path faster.
  db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL`);
}

/** SQLite opens a protected file for reading without a word; only a lock tells. */
function refuseReadOnly(db: DatabaseSync): void {
  try {
    db.exec("BEGIN IMMEDIATE; ROLLBACK");
  } catch (error) {
    if (sqliteTrouble(error) !== "busy") throw error;
  }
}

function migrateUnderLock(db: DatabaseSync, options: SqliteCoreOptions): void {
  const { clock, random = systemRandom } = options;
  db.exec("BEGIN IMMEDIATE");
  try {
    // Read again under the lock: another process may have done it meanwhile.
    const edition = checkEdition(db, options.file);
    if (edition < EDITION) migrate(db);
    if (edition === 0) {
      const at = clock.now();
      db.prepare("INSERT INTO store (one, secret, created) VALUES (1, ?, ?)").run(
        random.fill(new Uint8Array(32)),
        at,
      );
      db.prepare("INSERT INTO watch (one, revision, erasures) VALUES (1, 0, 0)").run();
      appendRecords(db, { drafts: FIRST_RECORDS, at });
    }
    db.exec("COMMIT");
  } catch (error) {
    rollback(db);
    throw error;
  }
}

// Opening is done once, at start-up, and has nobody to wait for it asynchronously.
function retryWhileBusy<T>(deadline: number, task: () => T): T {
  for (;;) {
    try {
      return task();
    } catch (error) {
      if (sqliteTrouble(error) !== "busy" || performance.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_PAUSE_MS);
    }
  }
}
