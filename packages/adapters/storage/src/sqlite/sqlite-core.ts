/** An open store: one connection, its prepared statements, its secret and its write lock. */
import type { Clock, IdSource, RandomSource } from "@colophon/kernel";
import type { DatabaseSync, StatementSync } from "./node-sqlite.ts";
import { withStoreErrors } from "./sqlite-error.ts";

export type StoreMode = "read" | "write" | "create";

export interface SqliteCore {
  readonly file: string;
  readonly mode: StoreMode;
  readonly db: DatabaseSync;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: RandomSource;
  /** 64 hex digits, the store's own key. */
  readonly secret: string;
  /**
   * A statement, prepared once and kept. What is iterated must come from here: Node before 22.15
   * finalizes a statement that nobody holds while its rows are still being read.
   */
  prepare(sql: string): StatementSync;
  /** Runs a task in BEGIN IMMEDIATE … COMMIT. It must be synchronous: nothing may wait inside. */
  transaction<T>(task: () => T): T;
  /** Runs several reads on one state of the store. It must be synchronous, too. */
  reading<T>(task: () => T): T;
  /** True while a transaction of this connection is open. */
  readonly inTransaction: boolean;
  close(): void;
}

export function createSqliteCore(
  parts: Omit<SqliteCore, "prepare" | "transaction" | "reading" | "inTransaction" | "close">,
): SqliteCore {
  const { db, file } = parts;
  const statements = new Map<string, StatementSync>();
  let inTransaction = false;
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    ...parts,
    prepare,
    get inTransaction() {
      return inTransaction;
    },
    transaction(task) {
      return withStoreErrors(file, () => {
        prepare("BEGIN IMMEDIATE").run();
        inTransaction = true;
        try {
          const result = task();
          prepare("COMMIT").run();
          return result;
        } catch (error) {
          rollback(db);
          throw error;
        } finally {
          inTransaction = false;
        }
      });
    },
    reading(task) {
      return withStoreErrors(file, () => {
        prepare("BEGIN").run();
        try {
          return task();
        } finally {
          rollback(db);
        }
      });
    },
    close() {
      statements.clear();
      db.close();
    },
  };
}

/** Ends a transaction that failed. */
export function rollback(db: DatabaseSync): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // SQLite has rolled back by itself already (full disk, I/O error); the first error is the one to tell.
  }
}
