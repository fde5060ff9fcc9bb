/** Connects to an installation's database, once for its ports and its sign-in. */
import { PostgresDialect } from "kysely";
import type { AuthSettings } from "../sign-in/auth-options.ts";
import type { Database } from "./database.ts";
import { openPool, postgresDatabase } from "./postgres-database.ts";
import { openSqliteFile, sqliteDatabase } from "./sqlite-database.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

/** Where an installation lies. */
export type InstallationPlace =
  | { readonly kind: "sqlite"; readonly file: string }
  | {
      readonly kind: "postgres";
      /** `postgres://user:password@host:port/database`. */
      readonly url: string;
      /** The schema of its tables. */
      readonly schema: string;
    };

export interface OpenedDatabase {
  readonly database: Database;
  /** The same, as the sign-in library takes it. */
  readonly auth: AuthSettings["database"];
}

/** @throws HarnessError as `openInstallationStore`. */
export function connect(place: InstallationPlace): OpenedDatabase {
  if (place.kind === "sqlite") {
    const db = openSqliteFile(place.file);
    return {
      database: sqliteDatabase(db, place.file),
      auth: { dialect: sqliteDialect(db, place.file), type: "sqlite", transaction: false },
    };
  }
  const { pool, place: said } = openPool(place.url, place.schema);
  return {
    database: postgresDatabase(pool, { schema: place.schema, place: said }),
    auth: {
      dialect: new PostgresDialect({ pool }),
      type: "postgres",
      schemaName: place.schema,
      transaction: true,
    },
  };
}
