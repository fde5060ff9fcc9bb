/** An installation in a SQLite file: each transaction is one synchronous BEGIN IMMEDIATE … COMMIT. */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from "kysely";
import type { Database } from "./database.ts";
import { retryBusy } from "./retry-busy.ts";
import { sqliteError } from "./sqlite-error.ts";
import type { InstallationTables } from "./tables.ts";
import { askFirst, type Work } from "./work.ts";

/** One try's hold of the event loop. */
const TRY_MS = 10;

const builder = new Kysely<InstallationTables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Opens the file, `:memory:` for one that is forgotten, and makes it where it is missing: for its owner alone. */
export function openSqliteFile(file: string): DatabaseSync {
  try {
    if (file !== ":memory:") {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      closeSync(openSync(file, "a", 0o600));
    }
    const db = new DatabaseSync(file, { timeout: TRY_MS });
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
    return db;
  } catch (error) {
    throw sqliteError(error, file);
  }
}

/** The database over an open connection, which it closes. */
export function sqliteDatabase(db: DatabaseSync, file: string): Database {
  return {
    dialect: "sqlite",
    place: file,
    builder,
    // Whoever writes has the whole file.
    *takeTurn() {},
    *hasTables() {
      const tables = sql<{ n: number }>`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'edition'`;
      return ((yield* askFirst({ compile: () => tables.compile(builder) }))?.n ?? 0) > 0;
    },
    write: (work) => retryBusy(() => translated(file, () => transaction(db, work))),
    read: async (work) => translated(file, () => run(db, work())),
    async close() {
      if (db.isOpen) db.close();
    },
  };
}

function transaction<T>(db: DatabaseSync, work: () => Work<T>): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = run(db, work());
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite may have rolled back by itself already (full disk, I/O error); the first error is the one to tell.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function run<T>(db: DatabaseSync, work: Work<T>): T {
  for (let step = work.next(); ; ) {
    if (step.done === true) return step.value;
    step = work.next(rowsOf(db, step.value));
  }
}

function rowsOf(db: DatabaseSync, query: CompiledQuery): readonly unknown[] {
  return db.prepare(query.sql).all(...(query.parameters as readonly SQLInputValue[]));
}

function translated<T>(file: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw sqliteError(error, file);
  }
}
