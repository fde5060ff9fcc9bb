/** Kysely on an open connection of node:sqlite, for the sign-in library: each statement by itself, none in a transaction. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { HarnessError } from "@colophon/kernel";
import {
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { retryBusy } from "./retry-busy.ts";
import { sqliteError } from "./sqlite-error.ts";

/** The connection is shared with those whose transactions never span an `await`, so that none is open meanwhile. */
export function sqliteDialect(db: DatabaseSync, file: string): Dialect {
  const connection: DatabaseConnection = {
    async executeQuery<R>({
      sql,
      parameters,
    }: {
      readonly sql: string;
      readonly parameters: readonly unknown[];
    }) {
      const run = () => {
        try {
          const statement = db.prepare(sql);
          const values = parameters as readonly SQLInputValue[];
          if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] };
          return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
        } catch (error) {
          throw sqliteError(error, file);
        }
      };
      return retryBusy(run);
    },
    streamQuery: refuse,
  };
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => ({
      init: async () => undefined,
      acquireConnection: async () => connection,
      beginTransaction: async () => refuse(),
      commitTransaction: async () => refuse(),
      rollbackTransaction: async () => refuse(),
      releaseConnection: async () => undefined,
      // Whoever opened the connection closes it.
      destroy: async () => undefined,
    }),
  };
}

function refuse(): never {
  throw new HarnessError("store-unsupported", "Sign-in asks statement by statement, in no transaction.");
}
